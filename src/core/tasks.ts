/** What a task gives within so many ms, or what `late` gives then. Throws what either throws. */
export async function withTimeLimit<T>(task: PromiseLike<T>, ms: number, late: () => T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([task, limit.then(late)]).finally(() => clearTimeout(timer));
}

/** Runs tasks in their order, so many at a time. Throws what the task throws. */
export function taskQueue(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // The place goes to the next one without becoming free, so that nobody who comes now takes it.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** Runs one task for each key at a time: whoever asks for the same key meanwhile joins. Throws what the task throws. */
export function joinTasks<T>(): (key: string, task: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, task) => {
    const joined = underWay.get(key) ?? task().finally(() => underWay.delete(key));
    underWay.set(key, joined);
    return joined;
  };
}
