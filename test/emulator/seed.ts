import { createHash } from 'node:crypto';

/** An APIUser record: what an administrator of a deployment registers for one application. */
export interface SeedClient {
  client_id: string;
  client_secret: string;
  /** Comma-separated, as the administrator types it. */
  redirect_uri: string;
}

/** An ApplicationUser record: a person who uses the platform. */
export interface SeedUser {
  id: string;
  name: string;
}

/** The client that tests and the command line use unless they say otherwise. */
export const primaryClient: SeedClient = {
  client_id: 'abc123',
  client_secret: 's3cr3t-of-abc123',
  redirect_uri: [
    'https://localhost/callback',
    'code-oss://airisk.airisk-authentication/callback',
    'vscode://airisk.airisk-authentication/callback',
    'http://127.0.0.1:38431/callback',
    'http://localhost:38431/callback',
  ].join(','),
};

/** A second client, with a secret full of characters that a form body must escape, and a redirect URI with a query. */
export const secondClient: SeedClient = {
  client_id: 'reporting-tool',
  client_secret: 'p+q/r=s&t%20 ü',
  redirect_uri: 'https://localhost/callback,https://reports.example.com/signed-in?tenant=7&lang=en',
};

/** The clients of a fresh emulator. */
export const seedClients: readonly SeedClient[] = [primaryClient, secondClient];

/** The users of a fresh emulator. The later ones have names and ids that careless encoding damages. */
export const seedUsers: readonly SeedUser[] = [
  { id: 'user_42', name: 'Ada Lovelace' },
  { id: 'user_7', name: 'Grace Hopper' },
  { id: 'user_1001', name: 'Katherine Johnson' },
  { id: 'user_88', name: 'Zoë Müller-Çelik' },
  { id: '用户_8', name: '王小明' },
  { id: 'a b+c&d=e', name: 'Miles “M&M” O’Brien <b>' },
];

/** What AIRisk itself would call somebody: its ids are GUIDs. The same id gives the same GUID. */
function guidOf(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/s, '$1-$2-4$3-8$4-$5');
}

/** Users with GUIDs for ids, as people meet them. */
export function withGuids(users: readonly SeedUser[]): SeedUser[] {
  return users.map(({ id, name }) => ({ id: guidOf(id), name }));
}

/** The primary client with a GUID for its id, for people to try and for pictures. */
export const guidClient: SeedClient = { ...primaryClient, client_id: guidOf(primaryClient.client_id) };

/** The key that signs the emulator's JWTs, public so that a test can verify a signature. */
export const signingKey = 'the emulator signs its tokens with this key, and nothing else does';

/** The seeded users, followed by as many made-up ones as it takes to have `count`. */
export function manyUsers(count: number): SeedUser[] {
  const extra = Array.from({ length: Math.max(0, count - seedUsers.length) }, (_, index) => {
    const number = String(index + 1).padStart(5, '0');
    return { id: `made_up_${number}`, name: `Person ${number}` };
  });
  return [...seedUsers, ...extra].slice(0, count);
}
