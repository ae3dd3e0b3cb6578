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
