import { useState } from "preact/hooks";
import { useMutation } from "@urql/preact";
import { useDirectory } from "../firms";
import { t } from "../i18n";
import { newKey } from "../ids";
import { AnswerAgreement, OfferAgreement, ResumeAgreement, RevokeAgreement, SuspendAgreement, type AgreementRow } from "../operations/sharing.gen";
import { inForce, lastAnswer } from "../terms";
import { type Outcome, problem, type Wrong } from "../wrong";
import { announce } from "../ui/live";
import { Dialog } from "../ui/dialog";
import { Alert, Button } from "../ui/parts";
import { SharingPreview } from "./preview";

/** AgreementActions are what can be done with an agreement as it stands, by the side on which one is. */
export function AgreementActions({ agreement: a, ours }: { agreement: AgreementRow; ours: boolean }) {
  const [, answer] = useMutation(AnswerAgreement);
  const [, offer] = useMutation(OfferAgreement);
  const [, suspend] = useMutation(SuspendAgreement);
  const [, resume] = useMutation(ResumeAgreement);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const [revoking, revoke] = useState(false);
  const [teams, choose] = useState<readonly string[]>([]);
  const act = async (run: () => Promise<Outcome>) => {
    setBusy(true);
    const bad = problem(await run());
    setBusy(false);
    setWrong(bad);
    if (bad === null) announce(t("saved"));
  };
  const input = { id: a.id, expectedVersion: a.version, idempotencyKey: newKey() };
  const say = (said: "ACCEPTED" | "DECLINED" | "WITHDRAWN", teams?: readonly string[]) => act(() => answer({ input: { id: a.id, answer: said, teams, idempotencyKey: newKey() } }));
  const last = lastAnswer(a);
  const asked = !ours && a.state === "OFFERED" && last !== "ACCEPTED";
  return (
    <>
      {wrong !== null && <Alert wrong={wrong} />}
      {asked && <ForWhom teams={teams} onChange={choose} />}
      <div class="act">
        {asked && (
          <>
            <Button kind="primary" icon="check" busy={busy} onClick={() => void say("ACCEPTED", teams)}>
              {t("sharing.accept")}
            </Button>
            {last === null && (
              <Button busy={busy} onClick={() => void say("DECLINED")}>
                {t("sharing.decline")}
              </Button>
            )}
          </>
        )}
        {!ours && inForce(a) && (
          <Button kind="quiet" busy={busy} onClick={() => void say("WITHDRAWN")}>
            {t("sharing.withdraw")}
          </Button>
        )}
        {ours && a.actions.includes("OFFER") && (
          <Button kind="primary" busy={busy} onClick={() => void act(() => offer({ input }))}>
            {t("sharing.offer")}
          </Button>
        )}
        {ours && a.actions.includes("RESUME") && (
          <Button kind="primary" busy={busy} onClick={() => void act(() => resume({ input }))}>
            {t("sharing.resume")}
          </Button>
        )}
        {ours && a.state !== "DRAFT" && (
          <a class="button" href={"/sharing/new?from=" + a.id}>
            {t("sharing.version.new")}
          </a>
        )}
        {ours && a.actions.includes("SUSPEND") && (
          <Button kind="quiet" busy={busy} onClick={() => void act(() => suspend({ input }))}>
            {t("sharing.suspend")}
          </Button>
        )}
        {ours && a.actions.includes("REVOKE") && (
          <Button kind="danger" busy={busy} onClick={() => revoke(true)}>
            {t("sharing.revoke")}
          </Button>
        )}
      </div>
      {revoking && <Revoke agreement={a} onClose={() => revoke(false)} />}
    </>
  );
}

/** ForWhom chooses the own teams that may use what is accepted; a firm without teams has nothing to choose. */
function ForWhom({ teams, onChange }: { teams: readonly string[]; onChange: (teams: readonly string[]) => void }) {
  const d = useDirectory();
  if (d.teams.length === 0) return null;
  return (
    <fieldset class="for-whom">
      <legend>{t("sharing.for.whom")}</legend>
      <div class="checks">
        {d.teams.map((team) => (
          <label key={team.id}>
            <input type="checkbox" checked={teams.includes(team.id)} onChange={() => onChange(teams.includes(team.id) ? teams.filter((x) => x !== team.id) : [...teams, team.id])} />
            <span>{team.name}</span>
          </label>
        ))}
      </div>
      <p class="hint">{t(teams.length === 0 ? "sharing.for.all" : "sharing.for.teams")}</p>
    </fieldset>
  );
}

/** Revoke asks once more, and shows what the partner will lose. */
function Revoke({ agreement: a, onClose }: { agreement: AgreementRow; onClose: () => void }) {
  const d = useDirectory();
  const [{ fetching }, revoke] = useMutation(RevokeAgreement);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const firm = d.name(a.addressedToId);
  const go = async () => {
    const bad = problem(await revoke({ input: { id: a.id, expectedVersion: a.version, idempotencyKey: newKey() } }));
    setWrong(bad);
    if (bad !== null) return;
    announce(t("saved"));
    onClose();
  };
  return (
    <Dialog
      title={t("sharing.revoke.title", { name: a.name ?? "" })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="danger" busy={fetching} onClick={() => void go()} focus>
            {t("sharing.revoke")}
          </Button>
        </>
      }
    >
      {wrong !== null && <Alert wrong={wrong} />}
      <p>{t("sharing.revoke.text", { firm })}</p>
      {inForce(a) && a.addressedToId && <SharingPreview firm={a.addressedToId} agreement={a.id} ended />}
    </Dialog>
  );
}
