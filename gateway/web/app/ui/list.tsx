import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { useKeys } from "../keys";
import { openedFrom } from "../router";
import { Button } from "./parts";

/** rows are the links that j and k walk through. */
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("main [data-row]")];

function walk(by: number): void {
  const all = rows();
  const at = all.findIndex((row) => row === document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** useRows lets j and k walk through the rows of a list; Enter follows the link. */
export function useRows(): void {
  useEffect(() => {
    // Who comes back to a list goes on where they left it.
    const opened = openedFrom(location.pathname);
    const row = opened && rows().find((r) => r instanceof HTMLAnchorElement && r.pathname === opened);
    if (row && !document.activeElement?.closest("input, select, textarea")) row.focus();
  }, []);
  useKeys([
    { keys: "j", label: t("keys.down"), run: () => walk(1) },
    { keys: "k", label: t("keys.up"), run: () => walk(-1) },
  ]);
}

/** More asks for the next page when it comes into sight, or when it is pressed. */
export function More({ onMore, busy }: { onMore: () => void; busy: boolean }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const at = ref.current;
    if (!at) return;
    const watch = new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && onMore(), { rootMargin: "400px" });
    watch.observe(at);
    return () => watch.disconnect();
  }, []);
  return (
    <div class="more" ref={ref}>
      <Button kind="quiet" busy={busy} onClick={onMore}>
        {t("more")}
      </Button>
    </div>
  );
}
