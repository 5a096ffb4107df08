import { paymentPortContract } from '../../../../test/support/payment-port.contract.js';
import { PaymentSimulator } from './payment.simulator.js';

const nothing = (): void => {};
paymentPortContract('simulator', () => ({ port: new PaymentSimulator(), pay: nothing, decline: nothing, declinedMinor: 299_999n }));
