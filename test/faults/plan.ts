import type { FaultInput, FaultKind } from '../emulator/faultSchema.ts';
import type { Random } from './random.ts';

/** What a run does. */
export type Flow = 'browser' | 'silent' | 'renewal' | 'listed' | 'twiceOne' | 'twoUsers' | 'otherWindow';

/** What goes wrong outside of AIRisk's answers. */
export type LocalFault =
  | 'cancel'
  | 'timeout'
  | 'portTaken'
  | 'storageFails'
  | 'storageHangs'
  | 'storageForAWhile'
  | 'storageLate'
  | 'folderBroken'
  | 'unreachable'
  | 'strayCallbacks'
  | 'browserFails'
  | 'browserLeaves'
  | 'browserTwice'
  | 'leaseHeld'
  | 'wrongSecret'
  | 'revoked'
  | 'clock';

/** One run, drawn as a whole before it starts. */
export interface Plan {
  readonly flow: Flow;
  /** Where the redirect comes back to. */
  readonly host: '127.0.0.1' | 'localhost' | '[::1]';
  readonly mode: 'immediate' | 'login';
  readonly decision: 'allow' | 'deny';
  readonly format: 'form' | 'json';
  readonly userid: '' | 'user_42' | 'a b+c&d=e';
  readonly injected: readonly FaultInput[];
  readonly local: readonly LocalFault[];
  /** When a cancel or a local fault strikes, in ms after the start. */
  readonly strikesAtMs: number;
  /** How long the browser thinks before each hop. */
  readonly browserPauseMs: number;
  /** Of a renewal: what is left of the old token. */
  readonly remainingMs: number;
  /** Of a taken port at localhost: which of its addresses. */
  readonly takenHost: '127.0.0.1' | '::1';
  /** Two sign-ins at once share one registered port. */
  readonly samePort: boolean;
}

const anywhere: readonly FaultKind[] = [
  'delay',
  'drop',
  '500',
  '502',
  'captivePortal',
  'garbage',
  'slowBody',
  'retryAfter',
  'quotes',
];
const kinds: Record<'authorize' | 'token' | 'users', readonly FaultKind[]> = {
  authorize: [
    ...anywhere,
    'errorRedirect',
    'noRedirect',
    'wrongState',
    'missingState',
    'doubledState',
    'missingCode',
    'wrongCode',
  ],
  token: [
    ...anywhere,
    'wrongContentType',
    'redirect',
    'missingExpiration',
    'pastExpiration',
    'missingToken',
    'missingToken',
    'hugeBody',
  ],
  users: [...anywhere, 'wrongContentType', 'redirect', 'hugeBody'],
};

const flows: readonly [Flow, ...Flow[]] = [
  'browser',
  'browser',
  'browser',
  'browser',
  'silent',
  'renewal',
  'renewal',
  'listed',
  'twiceOne',
  'twoUsers',
  'otherWindow',
  'otherWindow',
];
const localFaults: readonly [LocalFault, ...LocalFault[]] = [
  'cancel',
  'cancel',
  'timeout',
  'portTaken',
  'storageFails',
  'storageHangs',
  'storageForAWhile',
  'storageLate',
  'unreachable',
  'strayCallbacks',
  'browserFails',
  'browserLeaves',
  'browserTwice',
  'leaseHeld',
  'wrongSecret',
  'revoked',
  'clock',
];

/** Draws a run. `otherOrigin` is where the `redirect` fault points. */
export function drawPlan(random: Random, otherOrigin: string): Plan {
  const flow = random.pick(flows);
  return {
    flow,
    host: random.pick(['127.0.0.1', 'localhost', '[::1]']),
    mode: random.chance(0.25) ? 'login' : 'immediate',
    decision: random.chance(0.8) ? 'allow' : 'deny',
    format: random.pick(['form', 'json']),
    userid: flow === 'listed' ? 'user_42' : random.pick(['', 'user_42', 'a b+c&d=e']),
    injected: random.chance(0.75) ? drawInjected(random, flow, otherOrigin) : [],
    local: random.chance(0.5) ? drawLocal(random, flow) : [],
    strikesAtMs: random.whole(0, 250),
    browserPauseMs: random.whole(0, 60),
    remainingMs: random.pick([-60_000, 20_000]),
    takenHost: random.pick(['127.0.0.1', '::1']),
    samePort: random.chance(0.5),
  };
}

function drawInjected(random: Random, flow: Flow, otherOrigin: string): FaultInput[] {
  const listed = flow === 'listed' && random.chance(0.5);
  const endpoint = listed ? 'users' : random.pick<'authorize' | 'token'>(['authorize', 'token']);
  const list = kinds[endpoint];
  const kind = list[random.whole(0, list.length - 1)] ?? 'drop';
  const fault: FaultInput = {
    endpoint,
    kind,
    times: random.pick([0, 1, 1, 2]),
    ...(kind === 'delay' && { delayMs: random.whole(50, 900) }),
    ...(kind === 'slowBody' && { delayMs: random.whole(1, 60) }),
    ...(kind === 'redirect' && { origin: otherOrigin }),
    ...(kind === 'errorRedirect' && {
      error: random.pick(['access_denied', 'server_error']),
      errorDescription: 'No [way](command:workbench.action.quit)\u202e\n in',
    }),
  };
  // Lets the rehearsal of a sign-in pass, so that the browser meets the fault.
  const passed = { endpoint, kind: 'delay', times: random.whole(1, 2), delayMs: 0 } as const;
  const first = random.chance(0.5) ? [passed, fault] : [fault];
  return random.chance(0.25) ? [...first, ...drawInjected(random, flow, otherOrigin)] : first;
}

function drawLocal(random: Random, flow: Flow): LocalFault[] {
  const draw = (): LocalFault => {
    const fault = random.pick(localFaults);
    // There it is the other window that has the port.
    return fault === 'portTaken' && flow === 'otherWindow' ? 'folderBroken' : fault;
  };
  const faults = new Set([draw()]);
  if (random.chance(0.25)) faults.add(draw());
  // SecretStorage cannot work again and hang for ever.
  const storage = [...faults].filter((fault) => fault.startsWith('storage'));
  return [...faults].filter((fault) => !storage.slice(1).includes(fault));
}

/** True where nothing goes wrong that a sign-in could not bear: it has to end in a session. */
export function isHarmless(plan: Plan): boolean {
  const { flow, injected, local, mode, decision, samePort } = plan;
  const borne = new Set<LocalFault>(['strayCallbacks', 'browserTwice', 'storageForAWhile', 'revoked']);
  const asks = mode === 'login' && (decision === 'deny' || flow === 'silent' || flow === 'renewal');
  return (
    injected.every(({ kind, delayMs }) => kind === 'delay' && delayMs === 0) &&
    local.every((fault) => borne.has(fault)) &&
    !asks &&
    !(flow === 'twoUsers' && samePort)
  );
}

/** True where every request meets what no sign-in may accept: none may end in a session. */
export function isHopeless({ flow, injected, local }: Plan): boolean {
  // Without a browser each endpoint is asked once only, unless a token that is refused makes it twice.
  const once = (flow === 'silent' || flow === 'renewal') && !local.includes('revoked');
  const first = (endpoint: FaultInput['endpoint']): FaultInput | undefined =>
    injected.find((fault) => fault.endpoint === endpoint);
  const everywhere = [first('authorize'), first('token')].some(
    (fault) => fault && (once || fault.times === 0) && fault.kind !== 'delay' && fault.kind !== 'slowBody',
  );
  return everywhere || local.includes('wrongSecret');
}

/** The names under which a run appears in the table. */
export function faultNames(plan: Plan): string[] {
  const { injected, local, mode, decision } = plan;
  const real = injected.filter(({ kind, delayMs }) => kind !== 'delay' || delayMs !== 0);
  const names = [
    ...real.map(({ endpoint, kind }) => `${endpoint}: ${kind}`),
    ...local,
    ...(mode === 'login' ? [`login page: ${decision}`] : []),
    ...(plan.flow === 'twoUsers' && plan.samePort ? ['one port for two'] : []),
  ];
  return names.length > 0 ? [...new Set(names)] : ['(none)'];
}
