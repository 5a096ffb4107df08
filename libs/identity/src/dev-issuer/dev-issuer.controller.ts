import { Body, Controller, Get, HttpCode, NotFoundException, Post } from '@nestjs/common';
import { IsOptional, IsString, Length } from 'class-validator';
import { Config, Route } from '#shared';
import { Public } from '../api/access.js';
import { DevIssuer } from './dev-issuer.js';

class TokenRequest {
  @IsString() @Length(1, 100) subject: string;
  @IsOptional() @IsString() @Length(1, 200) name?: string;
}

/** Answers only where the configuration allows the development issuer. */
@Controller('dev-issuer')
@Public()
export class DevIssuerController {
  constructor(private readonly issuer: DevIssuer, private readonly config: Config) {}

  @Get('.well-known/openid-configuration')
  @Route({ limit: 'none' })
  metadata(): Record<string, unknown> {
    this.mustBeOn();
    return this.issuer.metadata();
  }

  @Get('jwks')
  @Route({ limit: 'none' })
  keys(): Promise<object> {
    this.mustBeOn();
    return this.issuer.keys();
  }

  @Post('token')
  @Route({ limit: 'none' })
  @HttpCode(200)
  async token(@Body() request: TokenRequest): Promise<{ access_token: string; token_type: 'Bearer' }> {
    this.mustBeOn();
    return { access_token: await this.issuer.token(request.subject, request.name ?? request.subject), token_type: 'Bearer' };
  }

  private mustBeOn(): void {
    if (!this.config.devIssuer) throw new NotFoundException();
  }
}
