import { useRef, useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { CreateAuctionBody } from '../../../src/protocol/http-request.ts'
import { type App, useApp } from './app.ts'
import { type Draft, type DraftErrors, draftField, emptyDraft, readDraft } from './draft.ts'
import { failureInWords, wrongField } from './failure.ts'

/**
 * A draft on its way to an auction. After a failure the unchanged draft sent again makes the auction once: both go out
 * under one key.
 */
export function useDraft(on: { onCreated: (auction: AuctionJson) => void; onWrong: () => void }) {
  const app = useApp()
  const [draft, setDraft] = useState(emptyDraft)
  const [errors, setErrors] = useState<DraftErrors>({})
  const [failure, setFailure] = useState<string>()
  const [isSending, setIsSending] = useState(false)
  const key = useRef<string>(undefined)

  const change = (part: Partial<Draft>) => {
    key.current = undefined
    const mended = Object.fromEntries(Object.keys(part).map((field) => [field, undefined]))
    setDraft((before) => ({ ...before, ...part }))
    setErrors((before) => ({ ...before, ...mended }))
  }
  const showErrors = (found: DraftErrors) => {
    setErrors(found)
    on.onWrong()
  }
  const tellFailure = (thrown: unknown) => {
    const field = draftField(wrongField(thrown))
    if (field === undefined) setFailure(failureInWords(thrown))
    else showErrors({ [field]: failureInWords(thrown) })
  }
  const send = async () => {
    const read = readDraft(draft)
    if (isSending) return
    if (!read.ok) {
      showErrors(read.errors)
      return
    }
    setIsSending(true)
    setFailure(undefined)
    key.current ??= app.entropy.token(18)
    try {
      const auction = await create(app, read.body, key.current)
      if (auction === undefined) return
      key.current = undefined
      setDraft(emptyDraft)
      on.onCreated(auction)
    } catch (thrown) {
      tellFailure(thrown)
    } finally {
      setIsSending(false)
    }
  }
  return { draft, errors, failure, isSending, change, send }
}

/** Undefined when the visitor would not say a name. */
async function create(
  { client, visitor, ownAuctions, time }: App,
  body: CreateAuctionBody,
  idempotencyKey: string,
): Promise<AuctionJson | undefined> {
  const seller = await visitor.require()
  if (seller === undefined) return undefined
  const auction = await client.auctions.create(body, { idempotencyKey })
  ownAuctions.add(auction.id)
  time.note(auction.serverTime)
  return auction
}
