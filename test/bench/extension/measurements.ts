/** What a window measures while it starts. */
export interface StartMeasurements {
  /** The first question for all sessions after our activation, ms. */
  readonly firstGetSessions: number;
  /** The same for a provider that has just been registered and reads as many secrets of that size plainly, ms. */
  readonly plainReads: number;
  readonly secrets: number;
}

/** What the bench's extension exports. */
export interface Bench {
  readonly start: StartMeasurements;
  /** Fills this extension's own secrets for `plainReads`. */
  fillSecrets(count: number, length: number): Promise<void>;
  /** Asks for a session so that VS Code asks the user for consent. */
  ask(provider: string, scopes: string[]): Promise<boolean>;
  /** Times so many silent `getSession` calls to our provider and to the floor, in turn, ms. */
  calls(scopes: string[], count: number): Promise<{ ours: number[]; floor: number[] }>;
}
