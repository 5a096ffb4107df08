export interface Transition<S extends string, E extends string> {
  readonly from: S;
  readonly event: E;
  readonly to: S;
}

export interface StateTable<S extends string, E extends string> {
  readonly name: string;
  readonly states: readonly S[];
  /** The state that the event leads to, or undefined where the table does not allow it. */
  next(state: S, event: E): S | undefined;
  readonly transitions: readonly Transition<S, E>[];
}

/**
 * A state machine as data. Refused when it is defined, so at start: a state that cannot be reached, an event with two ends,
 * a transition that names an unknown state.
 */
export function defineStateTable<S extends string, E extends string>(
  name: string, initial: readonly S[], states: readonly S[], transitions: readonly Transition<S, E>[],
): StateTable<S, E> {
  const table = new Map<string, S>();
  for (const { from, event, to } of transitions) {
    if (!states.includes(from) || !states.includes(to)) throw new Error(`${name}: ${from} -${event}-> ${to} names an unknown state`);
    const key = `${from}|${event}`;
    if (table.has(key)) throw new Error(`${name}: ${from} has two ends for ${event}`);
    table.set(key, to);
  }
  const reached = new Set<S>(initial);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const t of transitions) if (reached.has(t.from)) reached.add(t.to);
  }
  const lost = states.filter((s) => !reached.has(s));
  if (lost.length) throw new Error(`${name}: unreachable ${lost.join(', ')}`);
  return { name, states, transitions, next: (state, event) => table.get(`${state}|${event}`) };
}
