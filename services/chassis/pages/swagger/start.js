// Starts the Swagger page. Nothing secret outlives the page: tokens are kept in its memory only.
"use strict";

const SCHEME = "oauth2";
const SOONEST_SECONDS = 5;
const page = document.getElementById("swagger-ui");
const authorizesItself = "authorizesItself" in page.dataset;

const ui = SwaggerUIBundle({
  url: new URL(page.dataset.document, location.href).href,
  domNode: page,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  validatorUrl: null,
  oauth2RedirectUrl: new URL("oauth2-redirect.html", location.href).href,
  onComplete: () => {
    if (authorizesItself) {
      authorize();
    }
  },
});
if (!authorizesItself) {
  ui.initOAuth({
    clientId: page.dataset.clientId,
    usePkceWithAuthorizationCodeGrant: true,
  });
}

// The development issuer gives a token to whoever asks; ask again before it expires.
async function authorize() {
  const schema = ui.getSystem().specSelectors.specJson().getIn(["components", "securitySchemes", SCHEME]);
  const flow = schema?.getIn(["flows", "clientCredentials"]);
  if (!flow) {
    return;
  }
  let seconds = SOONEST_SECONDS;
  try {
    const scopes = [...flow.get("scopes").keys()];
    const token = await tokenFrom(flow.get("tokenUrl"), scopes);
    ui.authActions.authorizeOauth2({
      auth: { name: SCHEME, schema: schema, flow: "clientCredentials", scopes: scopes },
      token: token,
    });
    seconds = Math.max(token.expires_in * 0.8, SOONEST_SECONDS);
    tell("");
  } catch (error) {
    tell(`This page could not authorize itself (${error.message}). It tries again.`);
  }
  setTimeout(authorize, seconds * 1000);
}

async function tokenFrom(tokenUrl, scopes) {
  const answer = await fetch(new URL(tokenUrl, location.href), {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", scope: scopes.join(" ") }),
  });
  if (!answer.ok) {
    throw new Error(`${tokenUrl} answered ${answer.status}`);
  }
  return answer.json();
}

function tell(message) {
  const place = document.getElementById("status");
  place.textContent = message;
  place.hidden = message === "";
}
