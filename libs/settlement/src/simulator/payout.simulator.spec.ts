import { payoutPortContract } from '../../../../test/support/payout-port.contract.js';
import { PayoutSimulator } from './payout.simulator.js';

payoutPortContract('simulator', async () => new PayoutSimulator(), 199_999n);
