import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { install, type Clock } from '@sinonjs/fake-timers';
import type { ExpectedRedirect } from '../../../../src/core/oauth/signIn.ts';
import { type Answer, loopbackServer, never } from '../../support/server.ts';
import {
  aDeployment,
  FakeReceiver,
  type Scene,
  type SceneOptions,
  startSignIn,
} from '../../support/signIn.ts';

type Halt = () => void;

const timeoutMs = 300_000;

/** A receiver that never gets ready, and does not look at its signal. */
class SlowReceiver extends FakeReceiver {
  readonly #halt: Halt;

  constructor(halt: Halt) {
    super();
    this.#halt = halt;
  }

  override begin(state: string, signal: AbortSignal): Promise<ExpectedRedirect> {
    void super.begin(state, signal);
    this.#halt();
    return new Promise<never>(() => undefined);
  }
}

interface Stage {
  readonly what: string;
  /** Makes the sign-in stop at this stage, and calls `halt` there. */
  readonly stop: (halt: Halt) => { readonly scene?: SceneOptions; readonly answer?: Answer };
  readonly requests: readonly string[];
  readonly opened: number;
}

const answerWith =
  (halt: Halt): Answer =>
  (response, request) => {
    never(response, request);
    halt();
  };
const stages: readonly Stage[] = [
  {
    what: 'while the receiver starts',
    stop: (halt) => ({ scene: { receiver: new SlowReceiver(halt) } }),
    requests: [],
    opened: 0,
  },
  {
    what: 'during the rehearsal',
    stop: (halt) => ({ answer: aDeployment({ authorize: answerWith(halt) }) }),
    requests: ['GET'],
    opened: 0,
  },
  {
    what: 'while the browser opens',
    stop: (halt) => ({
      scene: {
        browse: () => {
          halt();
          return new Promise(() => undefined);
        },
      },
    }),
    requests: ['GET'],
    opened: 1,
  },
  {
    what: 'while it waits for the redirect',
    stop: (halt) => ({ scene: { browse: halt } }),
    requests: ['GET'],
    opened: 1,
  },
  {
    what: 'during the token request',
    stop: (halt) => ({ answer: aDeployment({ token: answerWith(halt) }) }),
    requests: ['GET', 'POST'],
    opened: 1,
  },
];

describe('a sign-in ends', () => {
  const server = loopbackServer();

  /** Starts a sign-in that stops at a stage, calls `end` there, and checks that it ends at once and with `error`. */
  async function endsAt(stage: Stage, end: (scene: Scene, clock: Clock) => void, error: object) {
    let reached: Halt = () => undefined;
    const stop = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const { scene: options, answer } = stage.stop(() => reached());
    server.answer = answer ?? aDeployment();
    const { scene, clock } = startOnFakeClock(server.origin, { ...options, timeoutMs });
    await stop;
    await turn();
    end(scene, clock);
    await assert.rejects(Promise.race([scene.result, aFewTurns()]), error);
    assert.equal(scene.receiver.begun[0]?.signal.aborted, true, 'the receiver waits no more');
    await aFewTurns();
    assert.deepEqual(
      server.received.map(({ method }) => method),
      stage.requests,
    );
    assert.equal(scene.opened.length, stage.opened);
  }

  for (const stage of stages) {
    it(`when it is cancelled ${stage.what}`, () =>
      endsAt(stage, (scene) => scene.cancel(), { name: 'AbortError' }));

    it(`when its time is over ${stage.what}`, () =>
      endsAt(stage, (_scene, clock) => clock.tick(timeoutMs), {
        name: 'AiriskError',
        code: 'sign_in_timeout',
      }));
  }

  it('not before its time is over', async () => {
    server.answer = aDeployment();
    const { scene, clock } = startOnFakeClock(server.origin, { browse: () => undefined, timeoutMs });
    while (scene.opened.length === 0) await turn();
    clock.tick(timeoutMs - 1);
    await aFewTurns();
    scene.receiver.redirectWith({ code: 'the-code' });
    assert.equal((await scene.result).accessToken, 'token');
  });

  it('once: a redirect that comes after the end changes nothing', async () => {
    server.answer = aDeployment();
    const scene = startSignIn(server.origin, { browse: (): void => scene.cancel() });
    await assert.rejects(scene.result, { name: 'AbortError' });
    scene.receiver.redirectWith({ code: 'the-code' });
    await aFewTurns();
    assert.equal(server.received.length, 1);
  });
});

/** Starts a sign-in whose own timer is fake: a fake clock under `fetch` would disturb it and what comes after. */
function startOnFakeClock(origin: string, options: SceneOptions): { scene: Scene; clock: Clock } {
  const clock = install({ toFake: ['setTimeout'] });
  try {
    return { scene: startSignIn(origin, options), clock };
  } finally {
    clock.uninstall();
  }
}

async function aFewTurns(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}
