import assert from 'node:assert/strict';
import {
  type Answered,
  createConsent,
  denialMs,
  questionMs,
  type Subject,
} from '../../../../src/core/terminal/consent.ts';
import { fakeClock } from '../../support/fakeClock.ts';

const forever = new AbortController().signal;
const person: Subject = { account: 'a', terminal: 't', asksAlways: false };

/** A person who answers when told to, and a clock. */
function scene() {
  const allowed = new Set<string>();
  const open: { subject: Subject; signal: AbortSignal; answer: (answered: Answered) => void }[] = [];
  let time = 1_000;
  let asked = 0;
  const decide = createConsent(
    {
      has: (terminal, account) => Promise.resolve(allowed.has(`${terminal} ${account}`)),
      add: (terminal, account) => Promise.resolve(void allowed.add(`${terminal} ${account}`)),
    },
    (subject: Subject, signal) => {
      asked += 1;
      return new Promise<Answered>((resolve) => {
        const end = (answered: Answered): void => {
          open.shift();
          resolve(answered);
        };
        open.push({ subject, signal, answer: end });
        signal.addEventListener('abort', () => end(undefined));
      });
    },
    () => time,
  );
  const question = async () => {
    while (open.length === 0) await new Promise(setImmediate);
    assert.equal(open.length, 1, 'one at a time');
    return open[0] ?? assert.fail();
  };
  return {
    decide,
    question,
    answer: async (answered: Answered): Promise<void> => (await question()).answer(answered),
    asked: () => asked,
    pass: (ms: number) => void (time += ms),
    revoke: () => allowed.clear(),
  };
}

describe('the consent of a person', () => {
  it('is asked for once for the life of a terminal, until it is taken back', async () => {
    const { decide, answer, asked, revoke } = scene();
    const first = decide(person, forever);
    await answer('terminal');
    assert.equal(await first, 'allowed');
    assert.equal(await decide(person, forever), 'allowed');
    assert.equal(asked(), 1);
    revoke();
    const later = decide(person, forever);
    await answer('once');
    assert.equal(await later, 'allowed');
  });

  const others: [what: string, subject: Subject][] = [
    ['another account', { ...person, account: 'b' }],
    ['another terminal', { ...person, terminal: 'u' }],
    ['a terminal nobody knows', { ...person, terminal: undefined }],
    ['an agent in the same terminal', { ...person, asksAlways: true }],
  ];
  for (const [what, subject] of others) {
    it(`is asked for again for ${what}`, async () => {
      const { decide, answer, asked } = scene();
      const first = decide(person, forever);
      await answer('terminal');
      await first;
      const second = decide(subject, forever);
      await answer('deny');
      assert.equal(await second, 'denied');
      assert.equal(asked(), 2);
    });
  }

  it('counts once when it was given once', async () => {
    const { decide, answer, asked } = scene();
    for (const expected of [1, 2]) {
      const decided = decide(person, forever);
      await answer('once');
      assert.equal(await decided, 'allowed');
      assert.equal(asked(), expected);
    }
  });

  it('is asked for each time by an agent, whatever is answered', async () => {
    const { decide, answer } = scene();
    const agent = { ...person, asksAlways: true };
    const first = decide(agent, forever);
    // Nothing offers it; should something answer so, it is not for the terminal.
    await answer('terminal');
    assert.equal(await first, 'denied');
    const { decide: decideAgain, answer: answerAgain, asked } = scene();
    for (let i = 1; i <= 2; i++) {
      const decided = decideAgain(agent, forever);
      await answerAgain('once');
      assert.equal(await decided, 'allowed');
      assert.equal(asked(), i);
    }
  });

  for (const answered of ['deny', undefined] as const) {
    it(`is refused for a while after ${answered ?? 'the question was left'}`, async () => {
      const { decide, answer, asked, pass } = scene();
      const first = decide(person, forever);
      await answer(answered);
      assert.equal(await first, 'denied');
      for (let i = 0; i < 100; i++) assert.equal(await decide(person, forever), 'denied');
      pass(denialMs - 1);
      assert.equal(await decide(person, forever), 'denied');
      assert.equal(asked(), 1);
      pass(1);
      const later = decide(person, forever);
      await answer('once');
      assert.equal(await later, 'allowed');
    });
  }

  it('is one question for ten requests of one terminal', async () => {
    const { decide, answer, asked } = scene();
    const decided = Array.from({ length: 10 }, () => decide(person, forever));
    await answer('terminal');
    assert.deepEqual(await Promise.all(decided), Array(10).fill('allowed'));
    assert.equal(asked(), 1);
  });

  it('is asked for by three terminals one after another, and not by an endless number', async () => {
    const { decide, answer } = scene();
    const terminals = ['t', 'u', 'v'].map((terminal) => decide({ ...person, terminal }, forever));
    for (const answered of ['deny', 'once', 'terminal'] as const) await answer(answered);
    assert.deepEqual(await Promise.all(terminals), ['denied', 'allowed', 'allowed']);
    const ending = new AbortController();
    const crowd = Array.from({ length: 21 }, (_, i) =>
      decide({ ...person, terminal: `${i}` }, ending.signal),
    );
    assert.equal(await crowd[20], 'unanswered');
    ending.abort();
    for (const decision of crowd.slice(0, 20)) await assert.rejects(decision, { name: 'AbortError' });
  });

  describe('that nobody answers', () => {
    const clock = fakeClock();

    it('ends after its time, refuses nothing that comes later, and leaves no timer', async () => {
      const { decide, question, answer } = scene();
      const forgotten = decide(person, forever);
      const { signal } = await question();
      await clock.tickAsync(questionMs - 1);
      assert.ok(!signal.aborted);
      await clock.tickAsync(1);
      assert.equal(await forgotten, 'unanswered');
      const later = decide(person, forever);
      await answer('once');
      assert.equal(await later, 'allowed');
      assert.equal(clock.countTimers(), 0);
    });
  });

  it('is not asked for any more when nobody waits, and the next one is', async () => {
    const { decide, question, answer } = scene();
    const leaving = new AbortController();
    const [left, next] = [decide(person, leaving.signal), decide({ ...person, terminal: 'u' }, forever)];
    const { subject, signal } = await question();
    assert.equal(subject.terminal, 't');
    leaving.abort();
    assert.ok(signal.aborted);
    await assert.rejects(left, { name: 'AbortError' });
    await answer('once');
    assert.equal(await next, 'allowed');
    // Nor does leaving count as a denial.
    const again = decide(person, forever);
    await answer('once');
    assert.equal(await again, 'allowed');
  });

  it('does not count when it comes after the one who asked has left', async () => {
    const { decide, question, asked } = scene();
    const leaving = new AbortController();
    const left = decide(person, leaving.signal);
    const { answer } = await question();
    answer('terminal');
    leaving.abort();
    await assert.rejects(left, { name: 'AbortError' });
    const again = decide(person, forever);
    (await question()).answer('deny');
    assert.equal(await again, 'denied');
    assert.equal(asked(), 2);
  });
});
