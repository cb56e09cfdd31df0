// The busy page asks again by itself, once, when the time it was told is over.
(() => {
  const place = document.getElementById("again");
  if (place) setTimeout(() => location.reload(), Number(place.dataset.seconds) * 1000);
})();
