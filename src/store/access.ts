/** What proves a TLS server to us, and us to it. PEM, as in files. */
export interface Tls {
  /** Who may have signed the server's certificate; the authorities of the system without. */
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
}

export interface Login {
  readonly user: string
  readonly password: string
}

/** How the servers of a store are reached: in the open without `tls`, as nobody without `login`. */
export interface StoreAccess {
  readonly tls?: Tls | undefined
  readonly login?: Login | undefined
}
