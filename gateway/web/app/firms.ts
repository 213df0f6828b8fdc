import { createContext } from "preact";
import { useContext, useMemo } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { Firms, type FirmsData } from "./operations/shell.gen";
import { locale, t } from "./i18n";

/** The firms that the viewer knows by name, and what it does with them. */
export interface Directory {
  own: string;
  user: string | null;
  roles: readonly string[];
  /** The name of a firm; the viewer's own is "Your firm" to people, by its name here. */
  name(id: string | null | undefined): string;
  /** The other firms with which there is an active partnership. */
  partners: readonly { id: string; name: string }[];
  /** All firms that it knows, its own among them. */
  firms: readonly { id: string; name: string }[];
  /** The active partnerships, with the other firm. */
  partnerships: readonly { id: string; firm: string }[];
  teams: readonly { id: string; name: string }[];
}

const nobody: Directory = { own: "", user: null, roles: [], name: () => "", partners: [], firms: [], partnerships: [], teams: [] };

export const DirectoryContext = createContext<Directory>(nobody);

/** useDirectory gives the firms that the viewer knows. */
export const useDirectory = (): Directory => useContext(DirectoryContext);

function names(data: FirmsData | undefined): Map<string, string> {
  const all = new Map<string, string>();
  for (const p of data?.partners?.nodes ?? []) if (p.firmId && p.name) all.set(p.firmId, p.name);
  for (const f of data?.firms?.nodes ?? []) all.set(f.id, f.tradeName || f.legalName || "");
  return all;
}

/** useFirms loads the directory. */
export function useFirms(viewer: { firmId: string; userId: string | null; roles: readonly string[] }): Directory {
  const [{ data }] = useQuery({ query: Firms });
  return useMemo(() => {
    const all = names(data);
    const name = (id: string | null | undefined) => (id && all.get(id)) || t("firm.unknown");
    const partnerships = (data?.partnerships?.nodes ?? []).flatMap((p) => {
      const firm = p.ownerId === viewer.firmId ? p.addressedToId : p.ownerId;
      return p.state === "ACTIVE" && firm ? [{ id: p.id, firm }] : [];
    });
    const others = new Set(partnerships.map((p) => p.firm));
    const named = (ids: Iterable<string>) => [...ids].map((id) => ({ id, name: name(id) })).sort((a, b) => a.name.localeCompare(b.name, locale()));
    return {
      own: viewer.firmId,
      user: viewer.userId,
      roles: viewer.roles,
      name,
      partners: named(others),
      firms: named(all.keys()),
      partnerships,
      teams: (data?.teams?.nodes ?? []).map((team) => ({ id: team.id, name: team.name ?? "" })),
    };
  }, [data, viewer.firmId, viewer.userId]);
}

/** may tells whether one of the person's roles is among those; the server decides, screens only leave out what would be refused. */
export const may = (d: Directory, ...roles: string[]): boolean => d.roles.includes("ADMINISTRATOR") || roles.some((r) => d.roles.includes(r));
