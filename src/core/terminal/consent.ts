import { taskQueue } from '../tasks.ts';

/** How long a denial holds, in ms: a loop that asks again gets no second question. */
export const denialMs = 30_000;

/** How long a question waits for a person, in ms. */
export const questionMs = 120_000;

/** More than so many cannot wait for their turn: nobody would answer them. */
const mostWaiting = 20;

/** What a person decides about. */
export interface Subject {
  /** Whose token of which deployment, as one key. */
  readonly account: string;
  /** The terminal that asks, the same for all its life; absent when nothing says which one it is. */
  readonly terminal: string | undefined;
  /** True for an AI agent and for a production deployment: what was said once counts once. */
  readonly asksAlways: boolean;
}

/** What a person answers; `undefined` is a question that was left. */
export type Answered = 'deny' | 'once' | 'terminal' | undefined;

/** How a request ends. */
type Verdict = 'allowed' | 'denied' | 'unanswered';

/** The terminals that a person has let have the tokens of an account. */
export interface AllowedTerminals {
  has(terminal: string, account: string): Promise<boolean>;
  add(terminal: string, account: string): Promise<void>;
}

/**
 * Asks a person whether a terminal gets a token, one question at a time.
 * @param allowed what was allowed for the life of a terminal
 * @param now epoch ms
 */
export function createConsent<S extends Subject>(
  allowed: AllowedTerminals,
  ask: (subject: S, signal: AbortSignal) => Promise<Answered>,
  now: () => number,
) {
  const deniedUntil = new Map<string, number>();
  let waiting = 0;
  const inTurn = taskQueue(1);

  const decide = async (subject: S, gone: AbortSignal): Promise<Verdict> => {
    const { terminal, account, asksAlways } = subject;
    gone.throwIfAborted();
    // Asked again each time: an earlier question in the row may have answered this one too.
    if (terminal !== undefined && !asksAlways && (await allowed.has(terminal, account))) return 'allowed';
    const denial = JSON.stringify([terminal, account, asksAlways]);
    if (now() < (deniedUntil.get(denial) ?? 0)) return 'denied';
    gone.throwIfAborted();
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), questionMs);
    const answered = await ask(subject, AbortSignal.any([gone, late.signal])).finally(() =>
      clearTimeout(timer),
    );
    // An answer counts only while somebody waits for it.
    gone.throwIfAborted();
    if (late.signal.aborted) return 'unanswered';
    if (answered === 'terminal' && terminal !== undefined && !asksAlways) {
      await allowed.add(terminal, account);
      return 'allowed';
    }
    if (answered === 'once') return 'allowed';
    deniedUntil.set(denial, now() + denialMs);
    return 'denied';
  };

  /**
   * Decides about one request.
   * @param gone aborts when nobody waits for it any more
   * @throws the reason of `gone`
   */
  return async (subject: S, gone: AbortSignal): Promise<Verdict> => {
    if (waiting >= mostWaiting) return 'unanswered';
    waiting += 1;
    return inTurn(() => decide(subject, gone)).finally(() => (waiting -= 1));
  };
}
