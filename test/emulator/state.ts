import { createCodeBook, type CodeBook } from './codes.ts';
import type { Authorization } from './authorization.ts';
import type { Endpoint, Fault } from './faultSchema.ts';
import type { LoggedRequest } from './logEntry.ts';
import type { BehaviourOptions } from './options.ts';
import { createTokenBook, type TokenBook } from './tokens.ts';

/** Everything that one running emulator remembers. */
export interface EmulatorState {
  options: BehaviourOptions;
  readonly codes: CodeBook;
  readonly tokens: TokenBook;
  /** Requests whose login page was shown and not yet answered, by the ticket in the page. */
  readonly loginPages: Map<string, Authorization>;
  log: LoggedRequest[];
  /** The emulator's idea of the time, in milliseconds. */
  now(): number;
  inject(fault: Fault): void;
  clearFaults(): void;
  /** Aborted when the faults of now are cleared, so that nobody waits on for one that is gone. */
  faultsCleared(): AbortSignal;
  /** The fault that this request must show, if one is left for its endpoint. */
  takeFault(endpoint: Endpoint): Fault | undefined;
  reset(): void;
}

/** The state of an emulator that starts with `initial`, and returns to it on reset. */
export function createState(initial: BehaviourOptions): EmulatorState {
  let faults: Fault[] = [];
  let cleared = new AbortController();
  const state: EmulatorState = {
    options: initial,
    codes: createCodeBook(),
    tokens: createTokenBook(),
    loginPages: new Map(),
    log: [],
    now: () => Date.now() + state.options.clockSkewSeconds * 1000,
    inject(fault) {
      faults.push({ ...fault });
    },
    clearFaults() {
      faults = [];
      cleared.abort();
      cleared = new AbortController();
    },
    faultsCleared: () => cleared.signal,
    takeFault(endpoint) {
      const fault = faults.find((candidate) => candidate.endpoint === endpoint);
      if (!fault || fault.times === 0) return fault;
      fault.times -= 1;
      if (fault.times === 0) faults = faults.filter((candidate) => candidate !== fault);
      return fault;
    },
    reset() {
      state.options = initial;
      state.codes.clear();
      state.tokens.revoke();
      state.loginPages.clear();
      state.log = [];
      state.clearFaults();
    },
  };
  return state;
}
