import { t } from "../i18n";

/** Lost is shown for an address that leads nowhere, and for a record that is not there or may not be seen. */
export function Lost() {
  return (
    <div class="empty">
      <h1>{t("lost.title")}</h1>
      <p>{t("lost.text")}</p>
      <a class="button" href="/customers">
        {t("lost.back")}
      </a>
    </div>
  );
}
