// Who asked sudo to run us. Source: sudo(8), ENVIRONMENT.

export interface SudoUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user behind sudo; null when we are not root, or root itself asked. */
export function sudoUser(): SudoUser | null {
  const { SUDO_UID, SUDO_GID } = process.env;
  if (process.getuid!() !== 0 || !/^\d{1,10}$/.test(SUDO_UID ?? '') || !/^\d{1,10}$/.test(SUDO_GID ?? ''))
    return null;
  const uid = Number(SUDO_UID);
  const gid = Number(SUDO_GID);
  return uid === 0 || uid >= 0xffffffff || gid >= 0xffffffff ? null : { uid, gid };
}
