import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { asSystem, Database, Route, Signer } from '#shared';
import { Public } from '#identity';

const PING = { name: 'health.ping', text: `select count(*)::int as stuck from shared.outbox_delivery where next_attempt_at = 'infinity'` };

@Controller()
@Public()
export class HealthController {
  private draining = false;

  constructor(private readonly database: Database, private readonly signer: Signer) {}

  /** The process runs. Says nothing of what it depends on, so that a database outage does not restart every process. */
  @Get('health/live')
  @Route({ limit: 'none' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The process can serve: the database answers and no shutdown is under way. `stuckMessages` waits for a person. */
  @Get('health/ready')
  @Route({ limit: 'none' })
  async ready(): Promise<{ status: 'ok'; stuckMessages: number }> {
    if (this.draining) throw new ServiceUnavailableException({ status: 'stopping' });
    try {
      const [row] = await asSystem(() => this.database.query<{ stuck: number }>(PING));
      return { status: 'ok', stuckMessages: row!.stuck };
    } catch {
      throw new ServiceUnavailableException({ status: 'database does not answer' });
    }
  }

  /** The exchange's public keys (RFC 7517): receipts, certificates and audit seals verify against them. */
  @Get('.well-known/jwks.json')
  keys(): Promise<object> {
    return this.signer.publicKeys();
  }

  beforeApplicationShutdown(): void {
    this.draining = true;
  }
}
