import { defineStateTable, type StateTable, type Transition } from '#shared';
import { TRADE_STATES, type TradeKind, type TradeState } from './trade.js';

/** States in which a trade can be frozen, and to which it thaws. */
const FREEZABLE = ['FUNDED', 'DELIVERED', 'ACCEPTED', 'CLEARED', 'DISPUTED'] as const satisfies readonly TradeState[];
type Freezable = (typeof FREEZABLE)[number];
/** `resolve` ends a dispute as an acceptance does; `reopen_…` and `thaw_…` lead back to where a dispute, or a freeze, began. */
export type TradeEvent = 'await_payment' | 'fund' | 'deliver' | 'accept' | 'clear' | 'settle' | 'cancel' | 'dispute' | 'resolve' | 'reopen_FUNDED' | 'reopen_DELIVERED' | 'freeze' | `thaw_${Freezable}` | 'unwind';
type Row = Transition<TradeState, TradeEvent>;

/** Beside the way of a trade: it is frozen and goes on, or goes back whole. */
const aside: readonly Row[] = [
  ...FREEZABLE.flatMap((state): Row[] => [{ from: state, event: 'freeze', to: 'FROZEN' }, { from: 'FROZEN', event: `thaw_${state}`, to: state }, { from: state, event: 'unwind', to: 'UNWOUND' }]),
  { from: 'FROZEN', event: 'unwind', to: 'UNWOUND' },
  { from: 'SETTLED', event: 'unwind', to: 'UNWOUND' },
  { from: 'FUNDED', event: 'dispute', to: 'DISPUTED' },
  { from: 'DISPUTED', event: 'reopen_FUNDED', to: 'FUNDED' },
  { from: 'DISPUTED', event: 'resolve', to: 'ACCEPTED' },
];

const settling: readonly Row[] = [
  { from: 'ACCEPTED', event: 'clear', to: 'CLEARED' },
  { from: 'CLEARED', event: 'settle', to: 'SETTLED' },
  { from: 'EXECUTED', event: 'cancel', to: 'CANCELLED' },
  { from: 'AWAITING_PAYMENT', event: 'cancel', to: 'CANCELLED' },
  { from: 'AWAITING_PAYMENT', event: 'fund', to: 'FUNDED' },
];

const afterDelivery = defineStateTable<TradeState, TradeEvent>('trade', ['EXECUTED'], TRADE_STATES, [
  { from: 'EXECUTED', event: 'deliver', to: 'DELIVERED' },
  { from: 'DELIVERED', event: 'await_payment', to: 'AWAITING_PAYMENT' },
  { from: 'DELIVERED', event: 'cancel', to: 'CANCELLED' },
  { from: 'FUNDED', event: 'accept', to: 'ACCEPTED' },
  ...settling, ...aside,
]);

/** What is bought is paid first; what was used is delivered first, and so is a period of a licence that runs: its data is open. The tables say so, the code does not. */
export const TRADE_TABLES: Readonly<Record<TradeKind, StateTable<TradeState, TradeEvent>>> = {
  PURCHASE: defineStateTable<TradeState, TradeEvent>('trade', ['EXECUTED'], TRADE_STATES, [
    { from: 'EXECUTED', event: 'await_payment', to: 'AWAITING_PAYMENT' },
    { from: 'FUNDED', event: 'deliver', to: 'DELIVERED' },
    { from: 'DELIVERED', event: 'accept', to: 'ACCEPTED' },
    { from: 'DELIVERED', event: 'dispute', to: 'DISPUTED' },
    { from: 'DISPUTED', event: 'reopen_DELIVERED', to: 'DELIVERED' },
    ...settling, ...aside,
  ]),
  SUBSCRIPTION: afterDelivery,
  USAGE: afterDelivery,
};

/** The way of a new trade to the moment where the buyer pays. */
export const OPENING: Readonly<Record<TradeKind, readonly TradeEvent[]>> = {
  PURCHASE: ['await_payment'],
  SUBSCRIPTION: ['deliver', 'await_payment'],
  USAGE: ['deliver', 'await_payment'],
};

/** The window to accept runs while the trade is in this state. */
export const windowIsOpen = (kind: TradeKind, state: TradeState): boolean => TRADE_TABLES[kind].next(state, 'accept') !== undefined;
