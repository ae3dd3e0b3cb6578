import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from './plan.ts';

/** A browser that runs in Node: follows redirects, fills in the login page, and stops where nothing leads on. */
export interface NodeBrowser {
  /** Starts to load an address; resolves before it has, as `openExternal` does. */
  open(url: string): Promise<boolean>;
  /** Closes every tab and waits until they are gone. */
  close(): Promise<void>;
}

/** Opens a browser with the habits of a plan. */
export function openBrowser({ mode, decision, browserPauseMs, local }: Plan): NodeBrowser {
  const closing = new AbortController();
  const tabs: Promise<void>[] = [];
  const request = async (url: string, init: RequestInit = {}): Promise<Response> => {
    await sleep(browserPauseMs, undefined, { signal: closing.signal });
    return fetch(url, { ...init, redirect: 'manual', signal: closing.signal });
  };
  const browse = async (start: string): Promise<void> => {
    let answer = await request(start);
    for (let hops = 0; hops < 5; hops += 1) {
      const location = answer.headers.get('location');
      const html = await answer.text();
      const ticket = /name="ticket" value="([^"]+)"/.exec(html)?.[1];
      if (location !== null) {
        answer = await request(location);
        // A person who presses reload, or a browser that loads ahead.
        if (local.includes('browserTwice')) await request(location).catch(() => undefined);
      } else if (mode === 'login' && ticket !== undefined) {
        const body = new URLSearchParams({ ticket, decision });
        answer = await request(`${new URL(start).origin}/login`, { method: 'POST', body });
      } else return;
    }
  };
  return {
    async open(url) {
      if (local.includes('browserFails')) throw new Error(`no program opens ${url}`);
      if (!local.includes('browserLeaves')) tabs.push(browse(url).catch(() => undefined));
      return true;
    },
    async close() {
      closing.abort();
      await Promise.all(tabs);
    },
  };
}

/** Requests that were not asked for, to the place where a redirect is awaited: none may end the waiting. */
export async function strayCallbacks(redirectUri: string): Promise<void> {
  const queries = [
    '?code=stolen&state=guessed',
    '?code=stolen',
    '?state=guessed',
    '?code=a&code=b&state=guessed',
    '?error=access_denied&state=guessed',
    '',
  ];
  const requests = [
    ...queries.map((query) => fetch(redirectUri + query)),
    fetch(`${redirectUri}/other?code=stolen&state=guessed`),
    fetch(`${redirectUri}?code=stolen&state=guessed`, { method: 'POST', body: 'code=stolen' }),
  ];
  await Promise.allSettled(requests.map(async (request) => (await request).text()));
}
