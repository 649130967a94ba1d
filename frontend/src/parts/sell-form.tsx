import { useRef } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useDraft } from '../state/use-draft.ts'
import { LotFields } from './lot-fields.tsx'
import { RulesPreview } from './rules-preview.tsx'
import { SoftCloseFields } from './soft-close-fields.tsx'
import { say } from '../words/say.ts'

/** Makes an auction. */
export function SellForm({ onCreated }: { onCreated: (auction: AuctionJson) => void }) {
  const form = useRef<HTMLFormElement>(null)
  const { draft, errors, change, failure, isSending, send } = useDraft({
    onCreated,
    // After the next drawing, when the fields are marked.
    onWrong: () =>
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
      ),
  })
  const props = { draft, errors, onChange: change }
  return (
    <form
      ref={form}
      class="sell-form"
      aria-labelledby="sell-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <h2 id="sell-form">{say('newAuction')}</h2>
      <div class="sell-fields">
        <LotFields {...props} />
        <SoftCloseFields {...props} />
      </div>
      <div class="sell-ready">
        <RulesPreview draft={draft} />
        {failure !== undefined && (
          <p class="notice alarm" role="alert">
            {failure}
          </p>
        )}
        <button class="button primary" type="submit" aria-disabled={isSending}>
          {say(
            isSending ? 'opening' : draft.startsAt === '' ? 'openTheAuction' : 'announceTheAuction',
          )}
        </button>
      </div>
    </form>
  )
}
