import fc from 'fast-check';
import { isOver, mayStep, NEGOTIATION_STATES, type NegotiationEvent, type NegotiationState, negotiationStates, type Party, possibleEvents, STEPS } from './negotiation.js';

const EVENTS: NegotiationEvent[] = ['request', 'offer', 'accept', 'agree', 'verify', 'finalize', 'terminate'];

describe('negotiation states of the Dataspace Protocol', () => {
  it('are those of the protocol, with who may take each step', () =>
    expect(STEPS.filter((s) => s.by.length > 0).map((s) => `${s.from} ${s.by.join('/')} ${s.to}`)).toEqual([
      'REQUESTED PROVIDER OFFERED', 'REQUESTED PROVIDER AGREED', 'REQUESTED CONSUMER/PROVIDER TERMINATED', 'OFFERED CONSUMER REQUESTED', 'OFFERED CONSUMER ACCEPTED', 'OFFERED CONSUMER/PROVIDER TERMINATED',
      'ACCEPTED PROVIDER AGREED', 'ACCEPTED PROVIDER TERMINATED', 'AGREED CONSUMER TERMINATED']));
  it('no side agrees with itself: nothing is agreed without a step of each', () => fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...EVENTS), fc.constantFrom<Party>('CONSUMER', 'PROVIDER')), { maxLength: 20 }), fc.constantFrom<NegotiationState>('REQUESTED', 'OFFERED'), (path, first) => {
    let state = first;
    const acted = new Set<Party>([first === 'REQUESTED' ? 'CONSUMER' : 'PROVIDER']);
    for (const [event, party] of path) {
      if (!mayStep(state, event, party)) continue;
      state = negotiationStates.next(state, event)!;
      acted.add(party);
    }
    if (state === 'AGREED') expect(acted.size).toBe(2);
  })));
  it('what is over stays over', () => { for (const state of NEGOTIATION_STATES.filter(isOver)) expect([...possibleEvents(state, 'CONSUMER'), ...possibleEvents(state, 'PROVIDER')]).toEqual([]); });
});
