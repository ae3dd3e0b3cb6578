/**
 * The commands for people, without the `airisk.` before each. They are registered at the start; what they do is read
 * when one is run.
 */
export const commandNames = [
  'signIn',
  'signInAsUser',
  'switchAccount',
  'signOut',
  'signOutAll',
  'renew',
  'showAccounts',
  'setUp',
  'setClientSecret',
  'removeClientSecret',
  'diagnose',
  'showLog',
  'copyAccessToken',
  'copyAsCurl',
  'showTokenDetails',
] as const;

/** The name of one of them. */
export type CommandName = (typeof commandNames)[number];
