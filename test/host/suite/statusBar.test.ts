import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../../src/core/oauth/configuredDeployments.ts';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { AiriskError } from '../../../src/core/errors.ts';
import { createSession, type Session } from '../../../src/core/sessions/session.ts';
import { StatusBar, type StatusBarState } from '../../../src/vscode/statusBar/statusBar.ts';
import { hostileText } from '../../unit/support/arbitraries.ts';
import { sessionsTable } from '../../../src/vscode/statusBar/tooltip.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.UTC(2025, 2, 31, 12);
const warningMs = 5 * minute;
const deployment = deploymentOf('https://demo.aicrisk.com', 'abc123', (text) => `hash of ${text}`);

function sessionOf(userid: string, lifetimeMs: number, clockSkew = 0, name?: string): Session {
  const token = { accessToken: `token of ${userid}`, expiration: now + clockSkew + lifetimeMs, clockSkew };
  return createSession(deployment, userid, token, now, { name, label: 'the label' });
}

/** A real entry of the status bar, and what is written to it. */
function watchedItem(): { item: vscode.StatusBarItem; writes: string[] } {
  const writes: string[] = [];
  const real = vscode.window.createStatusBarItem();
  const item = new Proxy(real, {
    get: (_target, name) => {
      const value: unknown = Reflect.get(real, name);
      if (typeof value !== 'function') return value;
      if (name === 'show' || name === 'hide') writes.push(name);
      return value.bind(real);
    },
    set: (_target, name, value) => {
      writes.push(String(name));
      return Reflect.set(real, name, value);
    },
  });
  return { item, writes };
}

describe('the entry in the status bar', () => {
  const hourOf = (...sessions: readonly [Session, ...Session[]]): { writes: string[]; draws: number } => {
    const { item, writes } = watchedItem();
    const statusBar = new StatusBar('ticket', item);
    const state = {
      session: sessions[0],
      sessions,
      deployment: undefined,
      renewing: false,
      next: 'signIn' as const,
      failure: undefined,
      asks: false,
      visibility: 'always' as const,
      warningMs,
      terminals: false,
    };
    let draws = 0;
    for (let time = now; time < now + hour; draws += 1) {
      const changesIn = statusBar.render(state, time);
      if (draws === 0) writes.length = 0;
      // As often as the only timer ticks, and once more in between: other things redraw it too.
      statusBar.render(state, time + 1);
      time += Math.min(changesIn ?? minute, minute);
    }
    statusBar.dispose();
    return { writes, draws };
  };

  it('is written once a minute: its text and its words, and nothing that is as before', () => {
    const { writes, draws } = hourOf(sessionOf('user_42', 8 * hour));
    const count = (name: string): number => writes.filter((written) => written === name).length;
    assert.ok(draws <= 61, `${draws} draws`);
    assert.ok(count('text') > 55 && count('text') <= 60, `${count('text')} texts`);
    assert.equal(count('accessibilityInformation'), count('text'));
    assert.equal(writes.length, 2 * count('text'), [...new Set(writes)].join());
  });

  it('is written no oftener for ten sessions that live on', () => {
    const others = Array.from({ length: 9 }, (_, index) => sessionOf(`user_${index}`, 9 * hour + index));
    const { writes } = hourOf(sessionOf('user_42', 8 * hour), ...others);
    assert.ok(writes.length <= 120, `${writes.length} writes`);
  });
});

describe('the entry in the status bar, when a token is not renewed by itself', () => {
  const session = sessionOf('user_42', 0);
  const draw = (state: Partial<StatusBarState>): vscode.StatusBarItem => {
    const { item } = watchedItem();
    new StatusBar('ticket', item).render(
      {
        session,
        sessions: [session],
        deployment: undefined,
        renewing: false,
        failure: undefined,
        asks: false,
        next: 'signIn',
        visibility: 'always',
        warningMs,
        terminals: false,
        ...state,
      },
      now,
    );
    return item;
  };
  const tooltipOf = ({ tooltip }: vscode.StatusBarItem): string =>
    typeof tooltip === 'object' ? tooltip.value : (tooltip ?? '');

  it('leads to what a session lacks', () => {
    for (const [next, words, command] of [
      ['signIn', 'Sign in to AIRisk', 'airisk.signIn'],
      ['setUp', 'Set up AIRisk', 'airisk.signIn'],
      ['switch', 'Select an AIRisk deployment', 'airisk.switchDeployment'],
    ] as const) {
      const item = draw({ session: undefined, sessions: [], next });
      assert.deepEqual([item.text, tooltipOf(item), item.command], [`$(key) ${words}`, words, command]);
      item.dispose();
    }
  });

  it('says that AIRisk cannot be reached, and when it is tried again', () => {
    const error = new AiriskError('unreachable', { subject: 'demo.aicrisk.com', reason: 'ECONNREFUSED' });
    const item = draw({ failure: { error, again: now + 10_000 } });
    assert.match(item.text, /^\$\(debug-disconnect\) .*user_42.* · offline$/);
    const words = item.accessibilityInformation?.label ?? '';
    assert.match(words, /Nothing responds at demo\.aicrisk\.com\. .*Next attempt at .*10/);
    assert.match(tooltipOf(item), /Nothing responds/);
    assert.match(tooltipOf(item), /\[Try&#160;Again\]\(command:airisk\.renew\?/);
    item.dispose();
  });

  it('says in words what the operating system and its libraries have codes for', () => {
    const codes = [
      'UND_ERR_SOCKET',
      'ECONNRESET',
      'EPIPE',
      'ENETUNREACH',
      'ETIMEDOUT',
      'UND_ERR_HEADERS_TIMEOUT',
    ];
    for (const reason of codes) {
      const error = new AiriskError('unreachable', { subject: 'demo.aicrisk.com', reason });
      const item = draw({ failure: { error, again: now + 10_000 } });
      const words = item.accessibilityInformation?.label ?? '';
      assert.match(words, /demo\.aicrisk\.com (cannot be reached|did not respond in time)\./);
      assert.doesNotMatch(words + tooltipOf(item), new RegExp(reason));
      item.dispose();
    }
  });

  it('says any other reason too, without calling it offline', () => {
    const item = draw({ failure: { error: new AiriskError('invalid_client'), again: undefined } });
    assert.match(item.text, / · expired$/);
    assert.match(tooltipOf(item), /AIRisk rejected the client secret/);
    assert.doesNotMatch(tooltipOf(item), /Next attempt/);
    item.dispose();
  });

  it('leads to the renewal that only a person can have, and only when it is time', () => {
    const item = draw({ asks: true });
    assert.match(item.text, / · expired · Renew\?$/);
    assert.deepEqual(item.command, {
      title: '',
      command: 'airisk.renew',
      arguments: [{ userid: 'user_42', deploymentKey: deployment.key, ticket: 'ticket' }],
    });
    const calm = sessionOf('user_42', hour);
    const early = draw({ asks: true, session: calm, sessions: [calm] });
    assert.equal(early.command, 'airisk.showAccounts');
    for (const one of [item, early]) one.dispose();
  });
});

describe('the tooltip of the status bar', () => {
  const table = (
    sessions: readonly Session[],
    shown: Session,
    trouble = '',
    named?: ConfiguredDeployment,
  ): vscode.MarkdownString =>
    sessionsTable(sessions, shown, named, { others: '', trouble }, false, warningMs, now, 'ticket');
  const time = (epochMs: number): string =>
    new Intl.DateTimeFormat(vscode.env.language, { timeStyle: 'short' })
      .format(epochMs)
      .replaceAll(/[^\p{L}\p{N}]/gu, (character) =>
        character === ' ' ? '&#160;' : `&#${character.codePointAt(0)};`,
      );

  it("tells expiration on this computer's clock, whatever AIRisk's says", () => {
    for (const clockSkew of [0, -2 * hour, 3 * hour]) {
      const session = sessionOf('user_42', 90 * minute, clockSkew);
      assert.ok(table([session], session).value.includes(`|${time(now + 90 * minute)}|`), String(clockSkew));
    }
  });

  it('runs no command but the ones that act on sessions, whatever its users are called', () => {
    const own = [
      'airisk.copyAccessToken',
      'airisk.renew',
      'airisk.showAccounts',
      'airisk.signInAsUser',
      'airisk.signOut',
      'airisk.switchAccount',
    ];
    fc.assert(
      fc.property(hostileText, hostileText, (userid, name) => {
        const session = sessionOf(userid, hour, 0, name);
        const { isTrusted, supportHtml, value } = table(
          [session, sessionOf('user_42', hour)],
          session,
          userid,
        );
        // A list of commands would be a different tooltip each time, and close the one that is open.
        assert.equal(isTrusted, true);
        assert.notEqual(supportHtml, true);
        const commands = [...value.matchAll(/\]\(([^)?\s]*)/g)].map(([, target = '']) => target);
        assert.deepEqual(new Set(commands), new Set(own.map((command) => `command:${command}`)));
        assert.doesNotMatch(value.replaceAll(/\]\(command:[^)]*\)/g, ''), /command:|https?:|<|\]\(/);
      }),
      { numRuns: 500 },
    );
  });

  it('says of each link whom it is about', () => {
    const ada = sessionOf('user_42', hour, 0, 'Ada Lovelace');
    const { value } = table([ada, sessionOf('user_7', hour, 0, 'Grace Hopper')], ada);
    const titles = [...value.matchAll(/"([^"]+)"\)/g)].map(([, title = '']) =>
      title.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
    );
    assert.deepEqual(titles, [
      ...['Renew', 'Copy', 'Sign Out'].map((action) => `${action}: Ada Lovelace (user_42)`),
      ...['Use', 'Renew', 'Copy', 'Sign Out'].map((action) => `${action}: Grace Hopper (user_7)`),
    ]);
  });

  it('names the deployment and leads to others where its name is to be seen, and only there', () => {
    const ada = sessionOf('user_42', hour);
    const named = { ...deployment, name: 'test', redirectUri: '', userid: '', production: true };
    const { value } = table([ada], ada, '', { ...named, tokenRequestFormat: 'form' });
    assert.match(value, /command:airisk\.switchDeployment\)/);
    assert.match(value, /test \(production\)|test &#40;production&#41;/);
    assert.doesNotMatch(table([ada], ada).value, /switchDeployment|production/);
  });

  it('has room for ten, the one in use among them, and says how many more there are', () => {
    const sessions = Array.from({ length: 13 }, (_, index) => sessionOf(`user_${index}`, hour));
    for (const shown of [sessions[0], sessions[12]]) {
      assert.ok(shown);
      const { value } = table(sessions, shown);
      assert.equal(value.match(/command:airisk\.signOut/g)?.length, 10);
      assert.match(value, /\*\*user&#95;\d+\*\* /);
      assert.match(value, /And 3 more/);
    }
  });
});
