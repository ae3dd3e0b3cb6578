import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';

/** A call of SecretStorage. */
export type SecretVerb = 'get' | 'store' | 'delete';

declare global {
  /** SecretStorage's own calls, while others stand in for them. */
  var airiskTestKeyring: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Makes calls of SecretStorage fail or hang, for every extension in a window's host, as a keyring that is locked or
 * does not answer makes them. With no calls all work again.
 */
export async function breakKeyring(
  window: WorkbenchWindow,
  calls: Readonly<Partial<Record<SecretVerb, 'fails' | 'hangs'>>> = {},
): Promise<void> {
  await evaluateInHost(
    window,
    (_api, broken) => {
      // All extensions' objects have their calls from here.
      const shared: object = Object.getPrototypeOf(globalThis.airiskTestSecrets);
      Object.assign(shared, globalThis.airiskTestKeyring);
      globalThis.airiskTestKeyring = Object.fromEntries(
        broken.map(([verb]) => [verb, Reflect.get(shared, verb)]),
      );
      for (const [verb, how] of broken) {
        // Some hosts quote what they could not store.
        const call = (...args: unknown[]): Promise<never> =>
          how === 'hangs'
            ? new Promise(() => undefined)
            : Promise.reject(new Error(`the keyring is locked: ${args.join(' ')}`));
        Reflect.set(shared, verb, call);
      }
    },
    Object.entries(calls),
  );
}
