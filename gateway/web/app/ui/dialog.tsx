import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { depth } from "../keys";
import { Icon } from "./icon";

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** "sheet" lies at the side, "palette" near the top without a head. */
  shape?: "box" | "sheet" | "palette";
  foot?: ComponentChildren;
}

/**
 * Dialog is the browser's own: it keeps the focus inside, closes with Escape,
 * and gives the focus back to where it was.
 */
export function Dialog({ title, onClose, children, shape = "box", foot }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const d = ref.current;
    const before = document.activeElement as HTMLElement | null;
    depth.set(depth.get() + 1);
    d?.showModal();
    d?.querySelector<HTMLElement>("[data-focus]")?.focus();
    return () => {
      depth.set(depth.get() - 1);
      d?.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={shape}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onMouseDown={(e) => e.target === ref.current && onClose()}
    >
      <div class="dialog">
        <header class={shape === "palette" ? "unseen" : ""}>
          <h2 id={id}>{title}</h2>
          <button type="button" class="quiet square" aria-label={t("close")} onClick={onClose} tabIndex={shape === "palette" ? -1 : 0}>
            <Icon name="close" />
          </button>
        </header>
        <div class="body">{children}</div>
        {foot && <footer>{foot}</footer>}
      </div>
    </dialog>
  );
}
