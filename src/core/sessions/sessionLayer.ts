import { ClockCheck, type ClockCheckParts } from './clockCheck.ts';
import { Leases } from './leases.ts';
import { createNames, type Names, type NamesParts } from './names.ts';
import { createRecentUsers, type RecentUsers } from './recentUsers.ts';
import { Renewals, type RenewalsParts } from './renewals.ts';
import { Sessions, type SessionsParts } from './sessions.ts';
import { type SecretStore, SessionStore } from './store.ts';
import type { TokenSource } from './tokenSource.ts';

/** What the session layer of a window stands on. */
export interface SessionLayerParts
  extends
    Omit<ClockCheckParts, 'store'>,
    Omit<NamesParts, 'store' | 'recentUsers'>,
    Omit<RenewalsParts, 'store' | 'leases' | 'requestToken'>,
    Omit<SessionsParts, 'store' | 'renewals' | 'clockCheck'> {
  readonly secrets: SecretStore;
  readonly tokenSource: (store: SessionStore) => TokenSource;
  /** Called once with the key of a record that does not fit the schema. */
  readonly onDamaged: (key: string) => void;
}

/** The session layer of one window. */
export interface SessionLayer {
  readonly leases: Leases;
  readonly tokenSource: TokenSource;
  readonly sessions: Sessions;
  readonly names: Names;
  readonly recentUsers: RecentUsers;
  readonly dispose: () => void;
}

/** Puts the session layer together: the store, the source of tokens on it, renewals on both, and the sessions on top. */
export function createSessionLayer(parts: SessionLayerParts): SessionLayer {
  const { secrets, now } = parts;
  const store = new SessionStore(secrets, parts.onDamaged);
  const leases = new Leases(secrets, now);
  const tokenSource = parts.tokenSource(store);
  const renewals = new Renewals({ ...parts, store, leases, requestToken: tokenSource.requestSilently });
  const clockCheck = new ClockCheck({ ...parts, store });
  const sessions = new Sessions({ ...parts, store, renewals, clockCheck });
  const recentUsers = createRecentUsers(secrets, now);
  return {
    leases,
    tokenSource,
    sessions,
    names: createNames({ ...parts, store, recentUsers }),
    recentUsers,
    dispose: () => {
      sessions.dispose();
      leases.dispose();
      store.dispose();
    },
  };
}
