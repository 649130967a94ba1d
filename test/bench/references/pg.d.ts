/** The little of `pg` that the bench uses. */
declare module 'pg' {
  export class Client {
    constructor(options: { host: string; port: number; user: string; database: string })
    connect(): Promise<void>
    query(
      query: string | { name?: string; text: string; values?: readonly unknown[] },
    ): Promise<{ rows: Readonly<Record<string, unknown>>[] }>
    end(): Promise<void>
  }
}
