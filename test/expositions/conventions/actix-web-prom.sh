#!/usr/bin/env bash
# library: actix-web-prom 0.10.0
# with: PrometheusMetricsBuilder::new(""), actix-web 4.18.1, Rust 1.95
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
cargo init --quiet --name shop --vcs none
cargo add --quiet actix-web@=4.18.1 actix-web-prom@=0.10.0
cat >src/main.rs <<'EOT'
use actix_web::{rt::time::sleep, web, App, HttpResponse, HttpServer};
use actix_web_prom::PrometheusMetricsBuilder;
use std::time::Duration;

async fn after(seconds: f64) -> HttpResponse {
    sleep(Duration::from_secs_f64(seconds)).await;
    HttpResponse::Ok().body("done")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let metrics = PrometheusMetricsBuilder::new("").endpoint("/metrics").build().unwrap();
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    HttpServer::new(move || {
        App::new()
            .wrap(metrics.clone())
            .route("/ok", web::get().to(|| after(0.0)))
            .route("/slow", web::get().to(|| after(1.2)))
            .route("/bad", web::get().to(|| async { HttpResponse::BadRequest() }))
            .route("/fail", web::get().to(|| async { HttpResponse::ServiceUnavailable() }))
            .route("/raise", web::get().to(|| async { if true { panic!("raised") } HttpResponse::Ok() }))
            .route("/orders/{order}", web::get().to(|order: web::Path<u32>| async move { order.to_string() }))
            .route("/hang", web::get().to(|| after(2.0)))
    })
    .workers(2)
    .bind(("127.0.0.1", port))?
    .run()
    .await
}
EOT
cargo build --quiet
exec target/debug/shop
