import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../src/', import.meta.url));

/** Watches what the code under test leaves behind: timers by run, sockets and the rest by process. */
export interface Watch {
  /** Runs something whose leavings are counted as those of `run`. */
  during<T>(run: number, task: () => Promise<T>): Promise<T>;
  /** The timers that are left of a run, once they have had time to go: where each was made. */
  timersOf(run: number): Promise<string[]>;
  /** Rejections that nobody handled. */
  readonly rejections: readonly unknown[];
  /** What keeps the process alive and did not when the watch began, once it has had time to go. */
  leftInProcess(): Promise<string[]>;
  stop(): void;
}

/** Starts to watch. */
export function startWatch(): Watch {
  const storage = new AsyncLocalStorage<number>();
  const alive = new Map<number, { run: number; made: string }>();
  const rejections: unknown[] = [];
  const hook = createHook({
    init(id, type) {
      const run = storage.getStore();
      if (run === undefined || type !== 'Timeout') return;
      const made = new Error(type).stack?.split('\n').find((line) => line.includes(source));
      // Timers of Node, of the emulator and of the tests are not ours.
      if (made !== undefined) alive.set(id, { run, made: made.trim() });
    },
    destroy: (id) => void alive.delete(id),
  }).enable();
  const onRejection = (reason: unknown): void => {
    rejections.push(reason);
  };
  process.on('unhandledRejection', onRejection);
  const before = counted(process.getActiveResourcesInfo());

  const ofRun = (run: number): string[] =>
    [...alive.values()].filter((one) => one.run === run).map(({ made }) => made);
  const ofProcess = (): string[] =>
    [...counted(process.getActiveResourcesInfo())]
      .filter(([type, count]) => count > (before.get(type) ?? 0))
      .map(([type, count]) => `${count - (before.get(type) ?? 0)} ${type}`);
  return {
    during: (run, task) => storage.run(run, task),
    timersOf: (run) => settled(() => ofRun(run)),
    rejections,
    leftInProcess: () => settled(ofProcess),
    stop() {
      hook.disable();
      process.off('unhandledRejection', onRejection);
    },
  };
}

/** Sockets close a few turns after their owner has let them go. */
async function settled(read: () => string[]): Promise<string[]> {
  for (let tries = 0; tries < 100 && read().length > 0; tries += 1) {
    await sleep(20, undefined, { ref: false });
  }
  return read();
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
