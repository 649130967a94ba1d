/**
 * A store by its client library alone, as somebody would use it who has nothing but the library: what Lotkeeper's figures are
 * measured against. Keys are `directory/name`; directories are made by `prepare`.
 */
export interface RawStore {
  prepare(directories: readonly string[]): Promise<void>
  /** Makes a key. @returns its version */
  create(key: string, value: Buffer): Promise<string>
  read(key: string): Promise<{ value: Buffer; version: string }>
  /** Only on that version. @returns the new one. @throws when it is another */
  put(key: string, value: Buffer, version: string): Promise<string>
  /**
   * The commit of a bid, without Lotkeeper: `present` stands, `head` is unchanged, `slot` is new.
   * @returns the new version of the head. @throws when a guard fails
   */
  append(commit: RawAppend): Promise<string>
  /** Waits for its turn in a fair queue, each behind the one before it. @returns the way to leave */
  acquire(directory: string): Promise<() => Promise<void>>
  close(): Promise<void>
}

export interface RawAppend {
  readonly present: string
  readonly head: { readonly key: string; readonly version: string; readonly value: Buffer }
  readonly slot: { readonly key: string; readonly value: Buffer }
}
