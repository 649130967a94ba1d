import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** A page's heading. Takes the focus when the page is come to by a link, so that it is read out and Tab goes on from here. */
export function PageHead(props: { title: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = props.title === 'Lotkeeper' ? props.title : `${props.title} · Lotkeeper`
  }, [props.title])
  useEffect(() => {
    if (history.length > 1 && document.activeElement instanceof HTMLAnchorElement) {
      heading.current?.focus()
    }
  }, [])
  return (
    <div class="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {props.title}
      </h1>
      {props.children}
    </div>
  )
}
