import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { OperatingError } from '../../lib/errors.ts'

/** Others on this machine could read or write what stands in the folder, and it is not for us to change that. */
class FolderOpen extends OperatingError {
  constructor(folder: string, why: string) {
    super(
      'folder-open',
      `${folder} is open to other users of this machine and ${why}. ` +
        `Give this node a folder of its own (--store embedded:<folder>), or close it: chmod 700 ${folder}`,
    )
  }
}

const dataFile = 'data.mdb'
const ourFiles: readonly string[] = [dataFile, 'data.mdb-lock', 'in-use.sock']
const othersMask = 0o007
const groupAndOthersMask = 0o077
const isWindows = process.platform === 'win32'

/**
 * Makes the folder where it is not there, and closes it to everybody but us, whatever the umask.
 * @throws FolderOpen when it is somebody else's, or holds what is not ours
 */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (isWindows) return
  const { mode, uid } = statSync(folder)
  if ((mode & groupAndOthersMask) === 0) return
  const isOurs = process.geteuid?.() === uid
  // A volume that a group was given for us is as closed as its owner wanted it.
  if (!isOurs && (mode & othersMask) === 0) return
  if (!isOurs) throw new FolderOpen(folder, 'belongs to another one')
  const names = readdirSync(folder)
  const isShared = (mode & 0o1000) !== 0 || names.some((name) => !ourFiles.includes(name))
  if (isShared && !names.includes(dataFile)) throw new FolderOpen(folder, 'holds other files')
  if ((mode & 0o1000) !== 0) throw new FolderOpen(folder, 'is shared by design (sticky)')
  chmodSync(folder, 0o700)
}

/** lmdb and sockets make their files as the umask lets them. */
export function closeFiles(folder: string): void {
  if (isWindows) return
  for (const name of ourFiles) {
    const path = join(folder, name)
    if (existsSync(path) && (statSync(path).mode & groupAndOthersMask) !== 0) chmodSync(path, 0o600)
  }
}
