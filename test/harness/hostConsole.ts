import { format } from 'node:util';

/** Starts everything that a suite prints, so that it can be told from what VS Code itself prints. */
const mark = 'suite| ';

/**
 * A console that marks what it prints. The extension host's own cannot be changed: its methods have setters that
 * do nothing.
 */
export function markedConsole(console: Console): Console {
  const marked = (method: 'log' | 'warn' | 'error'): PropertyDescriptor => ({
    value: (...values: unknown[]): void => {
      console[method](mark + format(...values));
    },
  });
  const log = marked('log');
  return Object.create(console, { log, info: log, debug: log, warn: marked('warn'), error: marked('error') });
}

/** The text that a suite printed; `undefined` for anything that VS Code printed. */
export function suiteOutput(values: readonly unknown[]): string | undefined {
  const text = values.find((value) => typeof value === 'string' && value.startsWith(mark));
  return typeof text === 'string' ? text.slice(mark.length) : undefined;
}
