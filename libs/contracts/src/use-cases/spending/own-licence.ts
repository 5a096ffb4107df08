import { type Actor, organisationOf } from '#identity';
import { notFound, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import type { ContractsRepository, Licence } from '../../storage/contracts.repository.js';

/** A licence of the caller's own organisation that has not ended: whose spending and use he may limit. */
export async function ownLicence(contracts: ContractsRepository, actor: Actor, licenceId: string): Promise<Result<Licence>> {
  const licence = (await contracts.licences([licenceId])).get(licenceId);
  if (licence?.buyerId !== organisationOf(actor)) return notFound('licence');
  return licence.state === 'EXPIRED' || licence.state === 'TERMINATED' ? stateConflict(CONTRACTS_ERRORS.LICENCE_OVER, 'the licence has ended', licence.state) : licence;
}
