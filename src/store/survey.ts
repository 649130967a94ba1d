/**
 * One server of the store's ensemble as it told of itself just now, outside our session.
 * not-serving: it runs, but has no quorum or complains. silent: no answer. unknown: it does not say, or was not asked.
 */
export interface StoreServer {
  /** `host:port`, as we were given it or as the ensemble names it. */
  readonly server: string
  readonly state: 'serving' | 'not-serving' | 'silent' | 'unknown'
  /** Null where it is not known. */
  readonly role: 'leader' | 'follower' | 'observer' | 'alone' | null
  readonly version: string | null
}

/** Asks every server by itself, side by side; those that do not answer in time count as silent. Never throws. */
export type StoreSurvey = () => Promise<readonly StoreServer[]>

/** A server has so long to answer. */
export const surveyWithinMs = 1_000
