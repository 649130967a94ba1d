import { useRef, useState } from 'preact/hooks'
import { drawQr, type QrDrawing } from '../state/qr.ts'
import { say } from '../words/say.ts'
import { DoneDialog } from './done-dialog.tsx'

/** The address of this page for the camera of a phone. What draws it is loaded when somebody asks. */
export function QrButton({ title }: { title: string }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [drawing, setDrawing] = useState<QrDrawing>()
  const [url, setUrl] = useState('')
  const show = async () => {
    setUrl(location.href)
    dialog.current?.showModal()
    setDrawing(await drawQr(location.href).catch(() => undefined))
  }
  return (
    <>
      <button class="chip" type="button" onClick={() => void show()}>
        {say('qrCode')}
      </button>
      <DoneDialog dialog={dialog} id="qr-title" title={title} class="qr">
        {drawing !== undefined && (
          <svg
            viewBox={`0 0 ${drawing.size} ${drawing.size}`}
            role="img"
            aria-label={say('qrLabel', { title })}
          >
            <rect width={drawing.size} height={drawing.size} fill="#fff" />
            <path d={drawing.path} fill="#000" />
          </svg>
        )}
        <p class="mono small">{url}</p>
      </DoneDialog>
    </>
  )
}
