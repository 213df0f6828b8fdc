import { createRequest as e } from "@urql/core";

export * from "@urql/core";

import { createContext as r } from "preact";

import { useContext as t, useMemo as n, useState as a, useEffect as o, useRef as u, useCallback as i } from "preact/hooks";

import { makeSubject as s, concat as c, fromValue as v, subscribe as f, scan as l, switchMap as p, map as d, share as x, takeWhile as h, toPromise as y, take as b, filter as g, onPush as m } from "wonka";

var q = {};

var N = r(q);

var S = N.Provider;

var k = N.Consumer;

N.displayName = "UrqlContext";

var useClient = () => {
  var e = t(N);
  if (e === q && "production" !== process.env.NODE_ENV) {
    var r = "No client has been specified using urql's Provider. please create a client and add a Provider.";
    console.error(r);
    throw new Error(r);
  }
  return e;
};

var w = !1;

var areOperationsEqual = (e, r) => e === r || !(!e || !r || e.key !== r.key);

var isShallowDifferent = (e, r) => {
  if ("object" != typeof e || "object" != typeof r) {
    return e !== r;
  }
  for (var t in e) {
    if (!(t in r)) {
      return !0;
    }
  }
  for (var n in r) {
    if ("operation" === n ? !areOperationsEqual(e[n], r[n]) : e[n] !== r[n]) {
      return !0;
    }
  }
  return !1;
};

function useSource(e, r) {
  var [t, u] = n((() => {
    var r = s();
    return [ c([ v(e), r.source ]), t => {
      if (t !== e) {
        r.next(e = t);
      }
    } ];
  }), []);
  var [i, l] = a((() => {
    w = !0;
    var t;
    try {
      f((e => {
        t = e;
      }))(r(v(e))).unsubscribe();
    } finally {
      w = !1;
    }
    return t;
  }));
  o((() => f((e => {
    if (!w) {
      l((r => isShallowDifferent(r, e) ? e : r));
    }
  }))(r(t, i)).unsubscribe), [ t ]);
  return [ i, u ];
}

function useRequest(r, t) {
  var a = u(void 0);
  return n((() => {
    var n = e(r, t);
    if (void 0 !== a.current && a.current.key === n.key) {
      return a.current;
    } else {
      a.current = n;
      return n;
    }
  }), [ r, t ]);
}

var M = {
  fetching: !1,
  stale: !1,
  hasNext: !1,
  error: void 0,
  data: void 0,
  extensions: void 0,
  operation: void 0
};

var isSuspense = (e, r) => r && void 0 !== r.suspense ? !!r.suspense : e.suspense;

var P = new Map;

function useQuery(e) {
  var r = useClient();
  var t = useRequest(e.query, e.variables);
  var a = i((n => {
    var a = isSuspense(r, e.context);
    var o = a ? P.get(t.key) : void 0;
    if (!o) {
      o = r.executeQuery(t, {
        requestPolicy: e.requestPolicy,
        ...e.context,
        ...n
      });
      if (a) {
        o = function toSuspenseSource(e) {
          var r = x(e);
          var t;
          var n;
          return e => {
            var a = !1;
            h((e => {
              if (void 0 === t) {
                Promise.resolve(e).then(n);
              }
              t = e;
              return !a;
            }))(r)(e);
            if (void 0 !== t) {
              var o = [ t ];
              o.tag = 1;
              e(o);
            } else {
              a = !0;
              e(0);
              throw new Promise((e => {
                n = e;
              }));
            }
          };
        }(o);
        if ("undefined" != typeof window) {
          P.set(t.key, o);
        }
      }
    }
    return o;
  }), [ r, t, e.requestPolicy, e.context ]);
  var u = n((() => e.pause ? null : a()), [ e.pause, a ]);
  var [s, f] = useSource(u, i(((e, r) => l(((e, r) => ({
    ...e,
    ...r
  })), r || M)(p((e => {
    if (!e) {
      return v({
        fetching: !1,
        stale: !1,
        hasNext: !1
      });
    }
    return c([ v({
      fetching: !0,
      stale: !1
    }), d((({stale: e, data: r, error: t, extensions: n, operation: a, hasNext: o}) => ({
      fetching: !1,
      stale: !!e,
      hasNext: o,
      data: r,
      error: t,
      operation: a,
      extensions: n
    })))(e), v({
      fetching: !1,
      stale: !1,
      hasNext: !1
    }) ]);
  }))(e))), []));
  var y = i((e => {
    f(a({
      suspense: !1,
      ...e
    }));
  }), [ f, a ]);
  o((() => {
    P.delete(t.key);
    if (!isSuspense(r, e.context)) {
      f(u);
    }
  }), [ f, r, u, t, e.context ]);
  if (isSuspense(r, e.context)) {
    f(u);
  }
  return [ s, y ];
}

function useMutation(r) {
  var t = u(!0);
  var n = useClient();
  var [s, c] = a(M);
  var v = i(((a, o) => {
    c({
      ...M,
      fetching: !0
    });
    return y(b(1)(g((e => !e.hasNext))(m((e => {
      if (t.current) {
        c({
          fetching: !1,
          stale: e.stale,
          data: e.data,
          hasNext: e.hasNext,
          error: e.error,
          extensions: e.extensions,
          operation: e.operation
        });
      }
    }))(n.executeMutation(e(r, a), o || {})))));
  }), [ n, r, c ]);
  o((() => () => {
    t.current = !1;
  }), []);
  return [ s, v ];
}

function useSubscription(e, r) {
  var t = useClient();
  var a = u(r);
  a.current = r;
  var s = useRequest(e.query, e.variables);
  var f = i((r => t.executeSubscription(s, {
    ...e.context,
    ...r
  })), [ t, s, e.context ]);
  var x = n((() => e.pause ? null : f()), [ e.pause, f ]);
  var [h, y] = useSource(x, i(((e, r) => l(((e, r) => {
    var {current: t} = a;
    var n = null != r.data ? "function" == typeof t ? t(e.data, r.data) : r.data : e.data;
    return {
      ...e,
      ...r,
      data: n
    };
  }), r || M)(p((e => {
    if (!e) {
      return v({
        fetching: !1
      });
    }
    return c([ v({
      fetching: !0,
      stale: !1
    }), d((({stale: e, data: r, error: t, extensions: n, operation: a}) => ({
      fetching: !0,
      stale: !!e,
      data: r,
      error: t,
      extensions: n,
      operation: a
    })))(e), v({
      fetching: !1,
      stale: !1
    }) ]);
  }))(e))), []));
  var b = i((e => y(f(e))), [ y, f ]);
  o((() => {
    y(x);
  }), [ y, x ]);
  return [ h, b ];
}

function Mutation(e) {
  var r = useMutation(e.query);
  return e.children({
    ...r[0],
    executeMutation: r[1]
  });
}

function Query(e) {
  var r = useQuery(e);
  return e.children({
    ...r[0],
    executeQuery: r[1]
  });
}

function Subscription(e) {
  var r = useSubscription(e, e.handler);
  return e.children({
    ...r[0],
    executeSubscription: r[1]
  });
}

export { k as Consumer, N as Context, Mutation, S as Provider, Query, Subscription, useClient, useMutation, useQuery, useSubscription };
//# sourceMappingURL=urql-preact.mjs.map
