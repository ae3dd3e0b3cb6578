import { type Deployment, hostOf } from '../oauth/deployment.ts';
import { isolated, plainText } from '../text.ts';

// An id of this length can be read, a GUID is only compared.
const longestClientId = 20;

/**
 * The name of a new session's account: `Ada Lovelace (ID, client @ host)`. VS Code remembers consent by label, so a
 * label never stands for two accounts, whatever names there are: its end decides, where host, client and userid hold
 * neither blanks nor brackets. For a long client id stands the start of its deployment's key.
 */
export function accountLabel(deployment: Deployment, userid: string, name = ''): string {
  const shown = isolated(plainText(name, 60));
  return shown === '' ? unnamedLabel(deployment, userid) : shown + namedEnd(deployment, userid);
}

function namedEnd(deployment: Deployment, userid: string): string {
  const place = placeOf(deployment);
  return userid === '' ? ` · ${place}` : ` (${escaped(userid)}, ${place})`;
}

function unnamedLabel(deployment: Deployment, userid: string, place = placeOf(deployment)): string {
  return userid === '' ? place : `${userid} (${place})`;
}

/** What stands for {@link accountLabel} in a session that was stored before there were names. */
export function earlierLabel(deployment: Deployment, userid: string): string {
  const place = `${encodeURIComponent(deployment.clientId)} @ ${hostOf(deployment)}`;
  return unnamedLabel(deployment, userid, place);
}

/** A deployment as account labels have it, `client @ host`: also two of one host are told apart. */
export function placeOf(deployment: Deployment): string {
  const { clientId, key } = deployment;
  const client = clientId.length > longestClientId ? `#${key.slice(0, 12)}` : escaped(clientId);
  return `${client} @ ${hostOf(deployment)}`;
}

function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll('(', '%28').replaceAll(')', '%29');
}

/** Whether a label can be that of this user's account, whatever the user's name was at the time. */
export function isLabelOf(
  label: string | undefined,
  deployment: Deployment,
  userid: string,
): label is string {
  if (label === undefined) return false;
  const unnamed = [unnamedLabel(deployment, userid), earlierLabel(deployment, userid)];
  return unnamed.includes(label) || label.endsWith(namedEnd(deployment, userid));
}
