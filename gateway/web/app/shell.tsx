import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { online } from "./client";
import { t, type Key } from "./i18n";
import { useKeys } from "./keys";
import type { ViewerData } from "./operations/shell.gen";
import { navigate, usePlace } from "./router";
import { signOut } from "./session";
import { useStore } from "./store";
import { toggleTheme } from "./theme";
import { Icon, type IconName } from "./ui/icon";
import { Keys } from "./ui/parts";
import { Palette } from "./ui/palette";
import { Shortcuts } from "./ui/shortcuts";

const areas: { path: string; name: Key; icon: IconName; keys: string }[] = [
  { path: "/customers", name: "nav.customers", icon: "customers", keys: "g c" },
  { path: "/tasks", name: "nav.tasks", icon: "task", keys: "g a" },
  { path: "/deals", name: "nav.deals", icon: "deals", keys: "g d" },
  { path: "/goods/products", name: "nav.goods", icon: "goods", keys: "g p" },
  { path: "/files", name: "nav.trading", icon: "trading", keys: "g t" },
  { path: "/sharing", name: "nav.sharing", icon: "sharing", keys: "g s" },
];

/** Shell is what stands around each screen: where one can go, who one is, whether news comes in. */
export function Shell({ viewer, children }: { viewer: NonNullable<ViewerData["viewer"]>; children: ComponentChildren }) {
  const { path } = usePlace();
  const [open, show] = useState<"palette" | "shortcuts" | null>(null);
  const commands = [
    ...areas.map((a) => ({ keys: a.keys, label: t(a.name), run: () => navigate(a.path) })),
    ...(viewer.roles.some((r) => r === "ADMINISTRATOR" || r === "AUDITOR") ? [{ keys: "g r", label: t("rules.title"), run: () => navigate("/rules") }] : []),
    { keys: "t", label: t("theme.toggle"), run: toggleTheme },
  ];
  useKeys([
    ...commands,
    { keys: "mod+k", label: t("palette.open"), run: () => show("palette") },
    { keys: "?", label: t("shortcuts.open"), run: () => show("shortcuts") },
  ]);
  const firm = viewer.firm?.tradeName || viewer.firm?.legalName || "";
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), document.getElementById("main")?.focus())}>
        {t("skip")}
      </a>
      <header class="side">
        <div class="brand">
          <img src="/icon.svg" width="26" height="26" alt="" />
          <div>
            <strong>{firm || "Fondaco"}</strong>
            <NewsState />
          </div>
        </div>
        <button type="button" class="find" onClick={() => show("palette")}>
          <Icon name="search" />
          <span>{t("find")}</span>
          <Keys keys="mod+k" />
        </button>
        <nav aria-label={t("nav.label")}>
          {areas.map((a) => (
            <a key={a.path} href={a.path} aria-current={path.startsWith(a.path.replace("/products", "")) ? "page" : undefined}>
              <Icon name={a.icon} size={18} />
              <span>{t(a.name)}</span>
              <Keys keys={a.keys} />
            </a>
          ))}
        </nav>
        <div class="self">
          <span class="who" title={viewer.user?.email ?? ""}>{viewer.user?.name ?? ""}</span>
          <button type="button" class="quiet square" title={t("shortcuts.open")} aria-label={t("shortcuts.open")} onClick={() => show("shortcuts")}>
            <Icon name="keyboard" />
          </button>
          <button type="button" class="quiet square" title={t("theme.toggle")} aria-label={t("theme.toggle")} onClick={toggleTheme}>
            <Icon name="moon" />
          </button>
          <button type="button" class="quiet square" title={t("sign-out")} aria-label={t("sign-out")} onClick={() => void signOut()}>
            <Icon name="out" />
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {open === "palette" && <Palette commands={commands} onClose={() => show(null)} />}
      {open === "shortcuts" && <Shortcuts onClose={() => show(null)} />}
    </div>
  );
}

/** NewsState says whether changes come in as they happen. A connection that is lost for a moment is not told. */
function NewsState() {
  const on = useStore(online);
  const [away, set] = useState(false);
  useEffect(() => {
    if (on !== false) {
      set(false);
      return;
    }
    const timer = setTimeout(() => set(true), 3000);
    return () => clearTimeout(timer);
  }, [on]);
  return (
    <span class={away ? "news away" : on ? "news on" : "news"} role="status">
      <i aria-hidden="true" />
      {t(away ? "news.away" : on ? "news.on" : "news.connecting")}
    </span>
  );
}
