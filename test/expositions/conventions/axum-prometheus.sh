#!/usr/bin/env bash
# library: axum-prometheus 0.10.1
# with: axum 0.8.9, tokio 1.54.1, Rust 1.95
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
cargo init --quiet --name shop --vcs none
cargo add --quiet axum@=0.8.9 axum-prometheus@=0.10.1
cargo add --quiet tokio@=1.54.1 --features full
cat >src/main.rs <<'EOT'
use axum::{extract::Path, http::StatusCode, routing::get, Router};
use axum_prometheus::PrometheusMetricLayer;
use std::time::Duration;

async fn after(seconds: f64) -> &'static str {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    "done"
}

#[tokio::main]
async fn main() {
    let (layer, handle) = PrometheusMetricLayer::pair();
    let app = Router::new()
        .route("/ok", get(|| after(0.0)))
        .route("/slow", get(|| after(1.2)))
        .route("/bad", get(|| async { StatusCode::BAD_REQUEST }))
        .route("/fail", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route("/raise", get(|| async { if true { panic!("raised") } }))
        .route("/orders/{order}", get(|Path(order): Path<u32>| async move { order.to_string() }))
        .route("/hang", get(|| after(2.0)))
        .route("/metrics", get(|| async move { handle.render() }))
        .layer(layer);
    let address = format!("127.0.0.1:{}", std::env::var("PORT").unwrap());
    axum::serve(tokio::net::TcpListener::bind(address).await.unwrap(), app).await.unwrap();
}
EOT
cargo build --quiet
exec target/debug/shop
