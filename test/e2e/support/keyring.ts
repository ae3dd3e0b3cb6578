import type { BrowserContext } from 'playwright-core';
import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';

/** A call of SecretStorage. */
export type SecretVerb = 'get' | 'store' | 'delete';

declare global {
  /** SecretStorage's own calls, while others stand in for them. */
  var airiskTestKeyring: Readonly<Record<string, unknown>> | undefined;
  /** What lets the calls go on that wait. */
  var airiskTestWaiting: (() => void)[] | undefined;
}

/**
 * Makes calls of SecretStorage fail, hang or wait, for every extension in a window's host, as a keyring that is locked
 * or does not answer and a question of VS Code make them. With no calls all work again, and what waited goes on.
 */
export async function breakKeyring(
  window: WorkbenchWindow,
  calls: Readonly<Partial<Record<SecretVerb, 'fails' | 'hangs' | 'waits'>>> = {},
): Promise<void> {
  await evaluateInHost(
    window,
    (_api, broken) => {
      // All extensions' objects have their calls from here.
      const shared: object = Object.getPrototypeOf(globalThis.airiskTestSecrets);
      Object.assign(shared, globalThis.airiskTestKeyring);
      for (const goOn of globalThis.airiskTestWaiting?.splice(0) ?? []) goOn();
      const waiting: (() => void)[] = (globalThis.airiskTestWaiting = []);
      const own: Record<string, (...args: unknown[]) => unknown> = Object.fromEntries(
        broken.map(([verb]) => [verb, Reflect.get(shared, verb)]),
      );
      globalThis.airiskTestKeyring = own;
      for (const [verb, how] of broken) {
        const call = function (this: object, ...args: unknown[]): Promise<unknown> {
          if (how === 'hangs') return new Promise(() => undefined);
          // Some hosts quote what they could not store.
          if (how === 'fails') return Promise.reject(new Error(`the keyring is locked: ${args.join(' ')}`));
          const answered = new Promise<void>((resolve) => void waiting.push(resolve));
          return answered.then(() => own[verb]?.apply(this, args));
        };
        Reflect.set(shared, verb, call);
      }
    },
    Object.entries(calls),
  );
}

/**
 * Lets the windows of a context keep secrets as they do on Linux without a keyring: VS Code's provider writes none down,
 * so that each window has its own in memory, until it is loaded again.
 */
export async function withoutKeyring(context: BrowserContext): Promise<void> {
  // A script, since the tests' types know nothing of a page.
  await context.addInitScript(`{
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (key, value) {
      if (key !== 'secrets.provider') setItem.call(this, key, value);
    };
  }`);
}
