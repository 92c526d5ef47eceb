// Starts Swagger UI on the reference page; its own file, since our pages allow no inline script.
const place = document.getElementById("reference");
const ui = window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  onComplete() {
    if (place.dataset.key) ui.preauthorizeApiKey("bearer", place.dataset.key);
  },
});
