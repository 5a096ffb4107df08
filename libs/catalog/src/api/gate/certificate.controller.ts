import { Controller, Get, Param, Res } from '@nestjs/common';
import { Public } from '#identity';
import { notFound, sendRefusal } from '#shared';
import type { FastifyReply } from 'fastify';
import { VerifyCertificate } from '../../use-cases/gate/verify-certificate.js';

@Controller('v1/listing-certificates')
@Public()
export class CertificateController {
  constructor(private readonly verifying: VerifyCertificate) {}

  /** How a listing certificate stands now, and the same signed by the exchange: `{ statement, jws }`. For everybody, without a credential. */
  @Get(':number')
  async verify(@Param('number') number: string, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const found = await this.verifying.statement(number);
    return found ? reply.header('cache-control', 'no-store').send(found) : sendRefusal(reply, notFound('certificate'));
  }
}
