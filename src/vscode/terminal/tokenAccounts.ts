import { AiriskError, hasCode } from '../../core/errors.ts';
import { isSameName } from '../../core/oauth/configuredDeployments.ts';
import { remainingMs, type Session } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import { sessionInUse } from '../../core/sessions/statusSummary.ts';
import type { PersistentState } from '../persistentState.ts';
import type { SettingsReader } from '../settings.ts';
import { where, localExpiration, who } from '../wording.ts';
import type { HandedToken, TokenAnswerParts } from './tokenAnswers.ts';

interface TokenAccountsParts {
  readonly sessions: Sessions;
  readonly settings: SettingsReader;
  readonly state: PersistentState;
  readonly now: () => number;
}

/** Finds the account that a terminal asks for, and its token. */
export function createTokenAccounts(parts: TokenAccountsParts): TokenAnswerParts['findAccount'] {
  const { sessions, settings, state, now } = parts;
  return async ({ userid, deployment: name }) => {
    const deployment =
      name === undefined
        ? settings.inUse()
        : settings.deployments().find((described) => isSameName(described.name, name));
    if (!deployment) return undefined;
    const stored = await sessions.listStored(deployment);
    const session =
      userid === undefined
        ? sessionInUse(stored, state.chosenUserid(deployment), now())
        : stored.find((other) => other.userid === userid);
    // Consent was for the deployment as the question named it.
    const assertUnchanged = (): void => {
      if (settings.describe(deployment)?.production !== deployment.production)
        throw new AiriskError('settings_changed');
    };
    return (
      session && {
        account: `${deployment.key}:${session.userid}`,
        name: who(session),
        deployment: where(deployment, settings.shown(deployment)),
        production: deployment.production,
        userid: session.userid,
        origin: deployment.origin,
        token: async (minLifetimeMs) => {
          assertUnchanged();
          const token = await freshToken(parts, session, minLifetimeMs);
          assertUnchanged();
          return token;
        },
      }
    );
  };
}

/** A failure to renew is one only when the token has expired: until then it works. */
async function freshToken(
  { sessions, settings, now }: TokenAccountsParts,
  session: Session,
  minLifetimeMs: number,
): Promise<HandedToken | undefined> {
  const { deployment, userid } = session;
  const held = await sessions.find(deployment, userid);
  if (settings.read().renewal === 'off') return held && handed(held);
  if (held && remainingMs(held, now()) >= minLifetimeMs) return handed(held);
  await sessions.renew(deployment, userid);
  const fresh = (await sessions.find(deployment, userid)) ?? held;
  if (fresh && remainingMs(fresh, now()) > 0) return handed(fresh);
  const failure = sessions.failureOf(session)?.error;
  // Only a person can go on from there, and the caller is told so.
  if (failure !== undefined && !hasCode(failure, 'not_silent')) throw failure;
  return undefined;
}

function handed(session: Session): HandedToken {
  return { accessToken: session.accessToken, expiration: localExpiration(session) };
}
