/** How long a caller waits for a network: VS Code serves one caller of a provider at a time. */
export const patienceMs = 10_000;

/** What a task gives within so many ms, or what `late` gives then. */
export async function within<T>(task: PromiseLike<T>, ms: number, late: () => T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([task, limit.then(late)]).finally(() => clearTimeout(timer));
}

/**
 * Does tasks in their order, a few at a time, for so many ms: then no other one is begun, and nobody waits any more.
 * @returns what each gave, `undefined` for those that have not ended
 */
export async function fewAtOnce<T>(
  tasks: readonly (() => Promise<T>)[],
  limit: number,
  ms: number,
): Promise<(T | undefined)[]> {
  const results = tasks.map((): T | undefined => undefined);
  const queue = tasks.entries();
  let late = false;
  const work = async (): Promise<void> => {
    for (const [index, task] of queue) {
      if (late) return;
      results[index] = await task();
    }
  };
  const workers = tasks.slice(0, limit).map(work);
  await within(Promise.all(workers), ms, () => {
    late = true;
    return [];
  });
  return [...results];
}
