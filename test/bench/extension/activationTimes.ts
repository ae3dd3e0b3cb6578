import { createRequire } from 'node:module';
import type { Activation } from './measurements.ts';

type Load = (this: unknown, request: string, ...rest: unknown[]) => unknown;

interface MainModule {
  activate?: (...args: unknown[]) => unknown;
}

const names = /[/\\](airisk|github|microsoft)[\w.-]*-authentication[\w.-]*[/\\]dist[/\\]extension\.c?js$/;

declare global {
  // oxlint-disable-next-line no-var -- the only way to declare one
  var activationTimes: Record<string, Activation> | undefined;
}

/**
 * Times `require` and `activate()` of the extensions that are compared, whenever VS Code starts them: extension hosts
 * load every extension through Node's own loader. VS Code's own figures are whole milliseconds.
 */
function watchActivations(): Record<string, Activation> {
  const activations: Record<string, Activation> = {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a part of Node that has no types
  const loader = createRequire(__filename)('node:module') as { _load: Load };
  const load = loader._load;
  loader._load = function (request, ...rest) {
    const name = names.exec(request)?.[1];
    if (name === undefined || activations[name]) return load.call(this, request, ...rest);
    const times = { load: 0, call: 0, settled: 0 };
    activations[name] = times;
    const started = performance.now();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what every extension exports
    const main = load.call(this, request, ...rest) as MainModule;
    times.load = performance.now() - started;
    return {
      ...main,
      activate: async (...args: unknown[]) => {
        const before = performance.now();
        const result = main.activate?.(...args);
        times.call = performance.now() - before;
        const settled = await result;
        times.settled = performance.now() - before;
        return settled;
      },
    };
  };
  return activations;
}

// Loaded before anything else in every process of the server (`node --require`): VS Code starts github-authentication
// before any extension could look on.
globalThis.activationTimes = watchActivations();
