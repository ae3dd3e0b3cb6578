/** One line of the table: a figure of ours, what it is held against, and whether the goal is reached. */
export interface Row {
  readonly what: string;
  readonly how: string;
  readonly ours: string;
  /** The figure beside it: another extension's, the floor's or a bare script's. */
  readonly beside: string;
  /** What the goal is about, a ratio in most rows. */
  readonly figure: number;
  readonly goal: number;
  readonly unit: string;
}

/** Whether a row's goal is reached: every goal is an upper bound. */
export function isReached({ figure, goal }: Row): boolean {
  return figure <= goal;
}

/** A duration in ms with as many digits as say something. */
export function ms(value: number): string {
  return `${value < 1 ? value.toFixed(3) : value < 100 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

/** A number of bytes, with separators. */
export function bytes(value: number): string {
  return `${Math.round(value).toLocaleString('en')} B`;
}
