// Starts GraphiQL on this node's own endpoint. The browser's session is the only credential.
(function () {
  "use strict";
  var socket = location.origin.replace(/^http/, "ws") + "/graphql";
  var fetcher = GraphiQL.createFetcher({ url: "/graphql", subscriptionUrl: socket });
  var welcome = "# Press Ctrl-Enter to run this, and Ctrl-Space where you want to know what can be asked.\n" +
    "{\n  viewer { roles firm { legalName } }\n  customers(first: 10) {\n    totalCount { value isExact }\n    nodes { id name city country }\n  }\n}\n";
  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, { fetcher: fetcher, defaultQuery: welcome, shouldPersistHeaders: false }));
})();
