// Presses the button of the page that enters a payment gateway. Without scripts, people press it.
document.getElementById("forward").submit();
